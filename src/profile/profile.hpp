#pragma once
// What a model can do: channels, ranges, accuracy, commands. Data from a YAML file; see profiles/profile.schema.json.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profile/accuracy.hpp"
#include "profile/command_table.hpp"

namespace wheatstone::profile {

enum class InstrumentKind : std::uint8_t { power_supply, multimeter, oscilloscope, electronic_load, generic };
[[nodiscard]] std::string_view name_of(InstrumentKind kind);

struct Document {
  std::string id;  ///< as `source` keys cite it: "ds"
  std::string title;
  std::string number;  ///< the maker's, "3121-1003"
};

struct Channel {
  int number = 1;
  std::string name;  ///< as the instrument prints it, "CH1"
  std::vector<Quantity> quantities = {};

  [[nodiscard]] const Quantity* find(std::string_view name) const;
  /// Throws ConfigurationError where the channel has no such quantity.
  [[nodiscard]] const Quantity& quantity(std::string_view name) const;
};

/// An integration time that a meter offers.
struct Aperture {
  double nplc = 0;               ///< power-line cycles; below one, the line is not rejected
  double resolution_factor = 0;  ///< resolution = factor x range
};

/// A measuring function of a meter.
struct Function {
  std::string name;    ///< "voltage_dc"
  std::string header;  ///< as the manual prints it, "VOLTage[:DC]"
  Quantity quantity;
  std::vector<Aperture> apertures = {};  ///< empty where the function has none
};

/// A figure that stands by itself: "settling_time", "sample_rate".
struct Figure {
  double value = 0;
  Unit unit = {};
  std::string source = {};
};

/// How the instrument presents itself: the fields of *IDN? it must match, ignoring case.
struct Identification {
  std::vector<std::string> makers = {};  ///< any of them; empty: anybody
  std::vector<std::string> models = {};

  [[nodiscard]] bool matches(std::string_view idn_reply) const;
};

/// Immutable; shared by everybody who needs it. Any thread.
struct Profile {
  std::string name;   ///< "keysight/EDU36311A"
  std::string maker;  ///< "Keysight Technologies"
  std::string model;  ///< "EDU36311A"
  InstrumentKind kind = InstrumentKind::generic;
  std::string description;
  std::string origin;  ///< the file it was read from, or "shipped"
  Identification identification;
  std::string idn_reply;           ///< what the simulated instrument answers to *IDN?
  bool error_query_rides = false;  ///< SYST:ERR? may follow a driver's own write in the same message
  std::string error_query;         ///< "SYST:ERR?", as it is appended; empty where the model has none
  int error_queue_length = 20;
  int socket_port = 5025;  ///< of the raw SCPI socket; 0 where there is none
  std::vector<Document> documents;
  std::vector<Channel> channels;
  std::vector<Function> functions;
  std::map<std::string, Figure, std::less<>> figures;
  std::vector<std::string> quirks;               ///< names of functions in instrument/ that this model asks for
  std::shared_ptr<const CommandTable> commands;  ///< never null

  [[nodiscard]] const Channel* find_channel(int number) const;
  /// Throws ConfigurationError that names the channels there are.
  [[nodiscard]] const Channel& channel(int number) const;
  [[nodiscard]] const Function* find_function(std::string_view name) const;
  [[nodiscard]] const Function& function(std::string_view name) const;
  [[nodiscard]] std::optional<double> find_figure(std::string_view name) const;
  /// Throws ConfigurationError where the profile has no such figure.
  [[nodiscard]] double figure(std::string_view name) const;
};

using ProfilePointer = std::shared_ptr<const Profile>;

/// By "maker/MODEL" in any case ("keysight/edu36311a"), by a model alone where only one maker has it, or by the path of
/// a YAML file (anything that ends in .yaml or .yml). Shipped profiles are read once and shared. Throws
/// ConfigurationError: nothing of that name (with the nearest), or a malformed file (with file, line and column).
[[nodiscard]] ProfilePointer load_profile(std::string_view name);

/// The profile written in `yaml`; `origin` names it in errors.
[[nodiscard]] ProfilePointer parse_profile(std::string_view yaml, std::string_view origin);

/// The names of all shipped profiles, "keysight/34470A", sorted.
[[nodiscard]] std::vector<std::string> list_profiles();

/// The shipped profile whose identification matches that answer to *IDN?; null where none does.
[[nodiscard]] ProfilePointer find_profile_for(std::string_view idn_reply);

}  // namespace wheatstone::profile
