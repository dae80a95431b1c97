#include "instrument/settings_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.hpp"
#include "instrument/settings_reader.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone::instrument {
namespace {

using profile::Command;
using profile::Parameter;
using profile::ParameterKind;
using profile::ParameterRole;
using profile::Term;

/// Rounds of setting what differs. One thing decides what another may be (a mode its range, a range its value), and no
/// table says which; what a first round upsets or cannot set, the next one does.
constexpr int k_most_rounds = 5;

/// What comes first: modes, then ranges and times, then protections, then what is limited by them.
int rank_of(const Command& command) {
  const Parameter& parameter = command.parameters.front();
  const bool is_number = parameter.kind == ParameterKind::number || parameter.kind == ParameterKind::integer;
  if (parameter.role != ParameterRole::set_point) return is_number ? 1 : 0;
  return parameter.quantity.starts_with("protection") ? 2 : 3;
}

/// One wanted setting with the command that sets it.
struct Target {
  const Command* command = nullptr;
  const Setting* wanted = nullptr;
  std::string refused = {};   ///< by the instrument, the last time
  bool is_automatic = false;  ///< set once, for the instrument to go on from

  [[nodiscard]] bool is_switch() const { return MadeOn::is_switch(command->parameters.front().quantity); }
  [[nodiscard]] std::span<const int> channels() const {
    return wanted->channel == 0 ? std::span<const int>{} : std::span(&wanted->channel, 1);
  }
};

/// The keyword that sets what was answered as 9.9E37, which stands for infinity (SCPI-99 volume 1, 7.2.1.4).
std::string_view word_for(const Parameter& parameter, std::string_view text) {
  const std::optional<double> number = scpi::parse_response_number(text);
  if (!number || !std::isinf(*number)) return text;
  const std::string_view word = *number > 0 ? "INF" : "NINF";
  const bool is_known = std::any_of(parameter.keywords.begin(), parameter.keywords.end(),
                                    [&](const scpi::Keyword& keyword) { return keyword.matches(word); });
  return is_known ? word : text;
}

/// One argument as its parameter takes it; none where it does not.
std::optional<Term> term_of(const Parameter& parameter, const Value& value) {
  const bool is_number = parameter.kind == ParameterKind::number || parameter.kind == ParameterKind::integer;
  if (const bool* state = value.get_if<bool>()) {
    return parameter.kind == ParameterKind::boolean ? std::optional(Term(*state)) : std::nullopt;
  }
  if (const auto* text = value.get_if<std::string>()) {
    if (parameter.kind == ParameterKind::boolean) return std::nullopt;
    return is_number ? Term(word_for(parameter, *text)) : Term(*text);
  }
  if (const auto* whole = value.get_if<std::int64_t>(); whole != nullptr && is_number) return Term(*whole);
  if (const auto* number = value.get_if<double>(); number != nullptr && is_number) return Term(*number);
  return std::nullopt;
}

/// A value as the command takes it; none where it does not. "ASC,9" is two arguments of a command that has them.
std::vector<Term> terms_of(const Command& command, const Value& value) {
  std::vector<Term> terms;
  const auto* const text = value.get_if<std::string>();
  if (text != nullptr && command.parameters.size() > 1 && command.parameters.front().kind != ParameterKind::string) {
    for (const std::string_view part : scpi::split_reply(*text)) {
      if (terms.size() == command.parameters.size()) return {};
      const Parameter& parameter = command.parameters[terms.size()];
      const bool is_number = parameter.kind == ParameterKind::number || parameter.kind == ParameterKind::integer;
      const std::optional<double> number = is_number ? scpi::parse_response_number(part) : std::nullopt;
      terms.push_back(number ? Term(*number) : Term(base::trimmed(part)));
    }
    return terms;
  }
  if (const std::optional<Term> term = term_of(command.parameters.front(), value)) terms.push_back(*term);
  return terms;
}

/// A number, or an infinity, which is kept as it was answered.
std::optional<double> number_of(const Value& value) {
  if (const auto* whole = value.get_if<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* number = value.get_if<double>()) return *number;
  const auto* const text = value.get_if<std::string>();
  if (text == nullptr) return std::nullopt;
  constexpr double k_infinity = std::numeric_limits<double>::infinity();
  if (base::equal_ignoring_case(*text, "INF")) return k_infinity;
  if (base::equal_ignoring_case(*text, "NINF")) return -k_infinity;
  const std::optional<double> number = scpi::parse_response_number(*text);
  return number && std::isinf(*number) ? number : std::nullopt;
}

bool is_same(const Value& a, const Value& b) {
  const std::optional<double> x = number_of(a);
  const std::optional<double> y = number_of(b);
  if (!x || !y) return a.content() == b.content();
  return *x == *y ||
         (std::isfinite(*x) && std::isfinite(*y) && std::abs(*x - *y) <= 1e-9 * std::max(std::abs(*x), std::abs(*y)));
}

const Value* find(std::span<const Setting> settings, std::string_view name, int channel) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& s) { return s.channel == channel && s.name == name; });
  return found == settings.end() ? nullptr : &found->value;
}

/// Whether the instrument chooses this itself, as long as another wanted setting is on: "voltage_dc.range" and
/// "voltage_dc.resolution" with "voltage_dc.auto_range", "trigger_delay" with "trigger_delay_auto".
bool is_automatic(std::span<const Setting> wanted, const Setting& setting) {
  const std::size_t dot = setting.name.rfind('.') + 1;
  const std::size_t word = std::max(setting.name.rfind('_') + 1, dot);
  const std::string head = setting.name.substr(0, dot);
  for (const std::string& name : {setting.name + "_auto", head + "auto_" + setting.name.substr(dot),
                                  setting.name.substr(0, word) + "auto_" + setting.name.substr(word),
                                  setting.name.ends_with("resolution") ? head + "auto_range" : std::string{}}) {
    const Value* const automatic = find(wanted, name, setting.channel);
    if (automatic == nullptr) continue;
    if (const bool* on = automatic->get_if<bool>(); on != nullptr && *on) return true;
  }
  return false;
}

std::string spoken(const Setting& setting) {
  return setting.channel == 0 ? setting.name : fmt::format("{} of channel {}", setting.name, setting.channel);
}

std::string spoken(const Value& value) {
  if (const bool* state = value.get_if<bool>()) return *state ? "on" : "off";
  if (const auto* text = value.get_if<std::string>()) return "'" + *text + "'";
  const std::optional<double> number = number_of(value);
  return number ? base::shortest(*number) : std::string(name_of(value.kind()));
}

ErrorContext context_of(const Conversation& talk) {
  return {.alias = talk.alias(), .model = talk.profile().name, .address = talk.address()};
}

/// The settings that this model has a command for; the others go into the report.
std::vector<Target> targets_of(const Conversation& talk, std::span<const Setting> wanted, RestoreReport* report) {
  std::vector<Target> targets;
  const std::span<const int> channels = talk.profile().commands->channels();
  for (const Setting& setting : wanted) {
    std::string reason;
    const Command* const command = talk.find(setting.name);
    if (command == nullptr || !command->is_setting) {
      reason = fmt::format("the profile {} has no such setting", talk.profile().name);
    } else if (setting.channel != 0 && std::find(channels.begin(), channels.end(), setting.channel) == channels.end()) {
      reason = fmt::format("{} has no such channel", talk.profile().name);
    } else if (terms_of(*command, setting.value).empty()) {
      reason = fmt::format("{} is nothing that it can be set to", spoken(setting.value));
    } else {
      targets.push_back({.command = command, .wanted = &setting});
      continue;
    }
    if (report != nullptr) report->left.push_back({talk.alias(), setting, std::move(reason)});
  }
  return targets;
}

void send(Conversation& talk, const Target& target, const std::vector<Term>& terms, RestoreReport& report) {
  const Step step{.command = target.command, .terms = terms, .channels = target.channels()};
  ++report.sent;
  talk.tell(std::span(&step, 1));
}

/// One instrument on its way back. The instrument is held.
class Restoration {
 public:
  Restoration(Conversation& talk, std::span<const Setting> wanted, std::int64_t end, RestoreReport& report)
      : talk_(talk), wanted_(wanted), end_(end), report_(report), targets_(targets_of(talk, wanted, &report)) {
    for (Target& target : targets_) target.is_automatic = is_automatic(wanted_, *target.wanted);
    std::stable_sort(targets_.begin(), targets_.end(),
                     [](const Target& a, const Target& b) { return rank_of(*a.command) < rank_of(*b.command); });
  }

  void run() {
    look();
    std::vector<Target*> differing = differences();
    const bool must_be_off = std::any_of(targets_.begin(), targets_.end(), [&](const Target& target) {
      const Value* const now = find(present_, target.wanted->name, target.wanted->channel);
      return target.is_switch() && now != nullptr && is_on(*now) && !is_on(target.wanted->value);
    });
    if (differing.empty() && !must_be_off) return;
    talk_.note_set_behind();
    turn_off(!differing.empty());
    for (int round = 0; round < k_most_rounds && !differing.empty(); ++round) {
      for (Target* const target : differing) set(*target);
      look();
      differing = differences();
    }
    if (!differing.empty()) refuse(differing);
  }

 private:
  static bool is_on(const Value& value) {
    const bool* const state = value.get_if<bool>();
    return state != nullptr && *state;
  }

  void look() {
    const std::int64_t left = end_ - talk_.clock().monotonic();
    present_ = read_settings(talk_, Duration(std::chrono::nanoseconds(std::max<std::int64_t>(left, 1))));
  }

  /// What is not as wanted. What the instrument does not tell is sent once and believed.
  [[nodiscard]] std::vector<Target*> differences() {
    std::vector<Target*> differing;
    for (Target& target : targets_) {
      if (target.is_switch() || (sent_any_ && target.is_automatic)) continue;
      const Value* const now = find(present_, target.wanted->name, target.wanted->channel);
      if (now != nullptr ? !is_same(*now, target.wanted->value) : !sent_any_ || !target.refused.empty())
        differing.push_back(&target);
    }
    return differing;
  }

  /// Everything that is on, or only what is not wanted so.
  void turn_off(bool everything) {
    for (const Setting& setting : present_) {
      const Command* const command = talk_.find(setting.name);
      if (!MadeOn::is_switch(command->parameters.front().quantity) || !is_on(setting.value)) continue;
      const Value* const wanted = find(wanted_, setting.name, setting.channel);
      if (!everything && wanted != nullptr && is_on(*wanted)) continue;
      send(talk_, {.command = command, .wanted = &setting}, {Term(false)}, report_);
    }
  }

  void set(Target& target) {
    sent_any_ = true;
    target.refused.clear();
    try {
      send(talk_, target, terms_of(*target.command, target.wanted->value), report_);
    } catch (const InstrumentError& error) {
      target.refused = fmt::format("{} \"{}\"", error.number(), error.text());
      queue_ = error.queue();
    } catch (const LimitError& error) {
      target.refused = error.what();
    } catch (const ConfigurationError& error) {
      target.refused = error.what();
    }
  }

  [[noreturn]] void refuse(const std::vector<Target*>& differing) {
    std::string list;
    for (const Target* const target : differing) {
      const Value* const now = find(present_, target->wanted->name, target->wanted->channel);
      list += fmt::format("{}{} should be {} and is {}", list.empty() ? "" : "; ", spoken(*target->wanted),
                          spoken(target->wanted->value), now == nullptr ? "not told" : spoken(*now));
      if (!target->refused.empty()) list += " (" + target->refused + ")";
    }
    if (queue_.empty()) queue_.push_back({0, "No error"});
    throw InstrumentError(
        fmt::format("{}: {} of its settings could not be restored: {}", talk_.alias(), differing.size(), list), queue_,
        context_of(talk_));
  }

  Conversation& talk_;
  const std::span<const Setting> wanted_;
  const std::int64_t end_;
  RestoreReport& report_;
  std::vector<Target> targets_;
  std::vector<Setting> present_;
  std::vector<InstrumentErrorEntry> queue_;
  bool sent_any_ = false;
};

}  // namespace

void check_settings(Conversation& talk, std::span<const Setting> wanted) {
  talk.transaction([&] {
    for (const Target& target : targets_of(talk, wanted, nullptr)) {
      if (target.is_switch() || target.command->parameters.front().role != ParameterRole::set_point) continue;
      const std::vector<Term> terms = terms_of(*target.command, target.wanted->value);
      talk.gate().check({.command = target.command, .terms = terms, .channels = target.channels()},
                        target.wanted->channel);
    }
  });
}

void restore_settings(Conversation& talk, std::span<const Setting> wanted, Duration within, RestoreReport& report) {
  const std::int64_t end = talk.clock().monotonic() + within.nanoseconds();
  talk.by(end, "restored", [&] { Restoration(talk, wanted, end, report).run(); });
}

void restore_switches(Conversation& talk, std::span<const Setting> wanted, const RestoreOptions& options,
                      RestoreReport& report) {
  const std::vector<Target> targets = targets_of(talk, wanted, nullptr);
  if (std::none_of(targets.begin(), targets.end(), [](const Target& target) { return target.is_switch(); })) return;
  const std::int64_t end = talk.clock().monotonic() + options.within.nanoseconds();
  talk.by(end, "restored", [&] {
    const std::vector<Setting> present = read_settings(talk, options.within);
    for (const Target& target : targets) {
      const bool* const wanted_on = target.wanted->value.get_if<bool>();
      const Value* const now = find(present, target.wanted->name, target.wanted->channel);
      const bool is_on = now != nullptr && now->get_if<bool>() != nullptr && *now->get_if<bool>();
      if (!target.is_switch() || wanted_on == nullptr || !*wanted_on || is_on) continue;
      if (options.outputs) {
        send(talk, target, {Term(true)}, report);
      } else {
        report.left.push_back({talk.alias(), *target.wanted, "it was on and stays off, as long as nobody asks for it"});
      }
    }
  });
}

}  // namespace wheatstone::instrument
