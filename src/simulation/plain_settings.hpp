#pragma once
// Settings that only need to be remembered: what was set is what is answered.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "profile/command_table.hpp"

namespace wheatstone::simulation {

/// The stored settings of one instrument, by command, channel and second header suffix. Values after *RST are those of
/// the profile. Guarded by its instrument.
class PlainSettings {
 public:
  explicit PlainSettings(const profile::CommandTable& table) : table_(&table), read_(table.commands().size()) {}

  /// REQUIRES: a setting that matched without error.
  void set(const profile::Match& match, int channel);
  void set(const profile::Command& command, int channel, double number);

  /// What the query answers; empty where neither a value was set nor the profile states one.
  [[nodiscard]] std::string answer(const profile::Match& match, int channel) const;
  [[nodiscard]] std::string answer(const profile::Command& command, int channel, int suffix = 1) const;

  /// The first argument as a number: a boolean is 1 or 0, a keyword its place in the profile.
  [[nodiscard]] double number(const profile::Command& command, int channel, int suffix = 1) const;
  /// The first argument as text: a keyword's short form, a string's inside.
  [[nodiscard]] std::string text(const profile::Command& command, int channel, int suffix = 1) const;

  /// Whether a model has asked for it, which tells settings that act from settings that are only kept.
  [[nodiscard]] bool was_read(const profile::Command& command) const {
    return read_[static_cast<std::size_t>(command.index)] != 0;
  }

  void reset() { values_.clear(); }

 private:
  struct Stored {
    std::string answer;
    std::string text;
    double number = 0;
  };
  [[nodiscard]] Stored initial(const profile::Command& command, int channel) const;
  [[nodiscard]] const Stored* find(const profile::Command& command, int channel, int suffix) const;
  [[nodiscard]] static std::uint64_t key(const profile::Command& command, int channel, int suffix);

  const profile::CommandTable* table_;
  std::unordered_map<std::uint64_t, Stored> values_;
  mutable std::vector<char> read_;  // by command: number() or text() was called
};

/// Appends a number as that command's query prints it: NR3 with the command's digits, NR1 for integers and booleans.
void append_response(std::string& out, const profile::Command& command, double value);

/// The number that an argument comes to: keywords resolved, the next of the listed values up, integers rounded. Absent
/// for a keyword that stands for no number.
[[nodiscard]] std::optional<double> effective_number(const profile::CommandTable& table,
                                                     const profile::Parameter& parameter,
                                                     const profile::Argument& argument, int channel);

}  // namespace wheatstone::simulation
