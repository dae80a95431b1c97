#pragma once
// What of an instrument a procedure can set and read, by name.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <wheatstone/instrument.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone::procedure {

/// One quantity of a kind of instrument. Numbers are in `unit`, an SI base unit.
struct Quantity {
  enum class Kind : std::uint8_t { number, on_off, word };

  std::string_view name;
  std::string_view unit = {};
  Kind kind = Kind::number;
  bool per_channel = true;
  std::string_view limited = {};  ///< as limits name it; empty where it has none
  void (*set)(Instrument& instrument, int channel, double value) = nullptr;  ///< 1 or 0 of a switch
  /// Of words, and of numbers that may be words: "AUTO".
  void (*set_word)(Instrument& instrument, int channel, std::string_view word) = nullptr;
  void (*require_word)(std::string_view word) = nullptr;  ///< throws ConfigurationError for a word that is none of its
  Value (*read)(Instrument& instrument, int channel) = nullptr;
};

/// Something to do that takes no value.
struct Action {
  std::string_view name;
  bool per_channel = false;
  void (*act)(Instrument& instrument, int channel) = nullptr;
};

/// Those that drivers of that kind offer, "power_supply" and so on; empty for other kinds.
[[nodiscard]] std::span<const Quantity> quantities_of(std::string_view kind);
/// Those of that kind and of every instrument.
[[nodiscard]] std::vector<Action> actions_of(std::string_view kind);

// One file each:
[[nodiscard]] std::span<const Quantity> power_supply_quantities();
[[nodiscard]] std::span<const Quantity> electronic_load_quantities();
[[nodiscard]] std::span<const Quantity> multimeter_quantities();
[[nodiscard]] std::span<const Quantity> oscilloscope_quantities();

}  // namespace wheatstone::procedure
