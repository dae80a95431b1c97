#pragma once
// What a meter's driver knows of its instrument without asking: the model's functions, and what was set.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <wheatstone/multimeter.hpp>

#include "instrument/conversation.hpp"

namespace wheatstone::instrument {

inline constexpr std::size_t k_function_count = static_cast<std::size_t>(MultimeterFunction::capacitance) + 1;

/// The commands and figures of one measuring function. Constant after construction; null where the model has none.
struct MeterFunction {
  const profile::Function* described = nullptr;
  const profile::Command* configure = nullptr;
  const profile::Command* range = nullptr;
  const profile::Command* auto_range = nullptr;
  const profile::Command* resolution = nullptr;
  const profile::Command* nplc = nullptr;
  const profile::Command* aperture = nullptr;
  const profile::Command* aperture_enabled = nullptr;
  const profile::Command* auto_zero = nullptr;
  std::string spoken = {};    ///< "voltage dc"
  std::string selected = {};  ///< what selects it: VOLT in FUNCtion "VOLT"
};

/// Guarded by the instrument's lock. Forgets itself when raw text has passed: that may have changed anything.
class MultimeterMemory {
 public:
  explicit MultimeterMemory(const Conversation& talk);

  struct Ranging {
    bool known = false;
    bool automatic = false;
    double fixed = 0;
  };

  /// What one measurement changed for itself, and what was configured: the next that does not ask for it goes back.
  struct Lent {
    [[nodiscard]] bool is_anything() const { return before.has_value() || integration != nullptr; }

    std::optional<Ranging> before = {};             ///< how the function was ranged
    Ranging during = {};                            ///< what the measurement asked for
    const profile::Command* integration = nullptr;  ///< what the resolution overrode: NPLC or the aperture
    double integration_before = 0;                  ///< in that command's unit
    double integration_during = 0;
    double aperture_before = 0;  ///< as `aperture` below
  };

  /// What is still true.
  void refresh(const Conversation& talk);
  void forget();

  [[nodiscard]] const MeterFunction& of(MultimeterFunction f) const { return functions[static_cast<std::size_t>(f)]; }
  [[nodiscard]] Ranging& ranging(MultimeterFunction f) { return ranges[static_cast<std::size_t>(f)]; }
  [[nodiscard]] Lent& lent(MultimeterFunction f) { return lents[static_cast<std::size_t>(f)]; }

  /// Uncertainty of a reading taken as the function is ranged now. An automatic range is not told with the reading; of
  /// those that the meter may have used the larger is taken (it goes up above range_up and down below range_down of a
  /// range).
  [[nodiscard]] double uncertainty(MultimeterFunction f, double value) const;

  /// How long one reading takes at most, as far as it was set from here: the aperture, twice for the zero reading.
  [[nodiscard]] Duration reading_time() const;

  // Constant after construction.
  std::array<MeterFunction, k_function_count> functions;
  const profile::Command* read;
  const profile::Command* fetch;
  const profile::Command* initiate;
  const profile::Command* function;
  const profile::Command* configuration;
  double line_frequency;
  double range_down;

  // What was set.
  std::optional<MultimeterFunction> selected;
  std::array<Ranging, k_function_count> ranges;
  std::array<Lent, k_function_count> lents;
  double aperture = 0;  ///< s
  int sample_count = 1;

 private:
  std::uint64_t seen_raw_ = 0;
  std::uint64_t seen_resets_ = 0;
};

}  // namespace wheatstone::instrument
