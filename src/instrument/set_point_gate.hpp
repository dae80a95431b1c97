#pragma once
// The one gate: whatever is about to be sent to an instrument passes here first, as a driver's command or as raw text.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "profile/profile.hpp"
#include "safety/limits.hpp"

namespace wheatstone::instrument {

/// A command of the profile's table with what a driver puts into it. Views: lives as long as the call it is made for.
struct Step {
  const profile::Command* command = nullptr;
  std::span<const profile::Term> terms = {};
  std::span<const int> channels = {};
  bool is_query = false;
};

/// A switch that a message turns on or off.
struct Switching {
  std::string_view quantity;
  int channel = 1;
  bool on = false;
};

/// A quantity of one channel.
struct SetQuantity {
  std::string quantity;
  int channel = 1;
  friend bool operator==(const SetQuantity&, const SetQuantity&) = default;
};

/// What raw text would do, as far as the profile's table can read it.
struct RawEffects {
  std::vector<SetQuantity> sets;  ///< set-points, switches aside
  std::vector<Switching> switches;
  bool resets = false;       ///< *RST
  bool is_block = false;     ///< carries a block, or a command that nothing may ride with
  int selected_channel = 1;  ///< after the message
};

/// Limits of one instrument: those of its profile, and narrower ones of a bench. Guarded by the instrument's lock.
class SetPointGate {
 public:
  SetPointGate(profile::ProfilePointer profile, ErrorContext instrument);

  /// Throws LimitError for a number that is not finite or outside of a limit or of the command's own bounds,
  /// ConfigurationError for a channel that the instrument does not have. Turning off passes always.
  void check(const Step& step, int selected_channel) const;

  /// Checks a whole message. A command that sets something but cannot be read is refused too: what cannot be checked
  /// must not pass. With a bench's limits that holds for every command. Throws ConfigurationError for text that is more
  /// than one message.
  [[nodiscard]] RawEffects check(std::string_view text, int selected_channel) const;

  /// Adds a bench's limit to those of the profile. From then on raw text must be read by the table, all of it, and what
  /// recalls stored settings is refused: what cannot be checked must not pass. Throws ConfigurationError where the
  /// limit allows nothing, or the model has no such set-point.
  void narrow(safety::Limit limit);
  /// What a bench limits, each once.
  [[nodiscard]] const std::vector<SetQuantity>& narrowed() const { return narrowed_; }

  [[nodiscard]] const safety::Limits& limits() const { return limits_; }

 private:
  void require_channel(int channel, std::string_view unit) const;
  void check_term(const Step& step, const profile::Parameter& parameter, double value, int channel) const;
  void check_unit(std::string_view unit, const profile::Match& match, RawEffects& effects) const;
  void check_set_points(std::string_view unit, const profile::Match& match, RawEffects& effects) const;
  void require_one_message(std::string_view text) const;
  void require_readable(std::string_view unit, const profile::Command* command, bool is_query) const;

  profile::ProfilePointer profile_;
  ErrorContext instrument_;
  safety::Limits limits_;
  std::vector<SetQuantity> narrowed_;
};

}  // namespace wheatstone::instrument
