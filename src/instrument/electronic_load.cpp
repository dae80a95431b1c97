#include <wheatstone/electronic_load.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "instrument/measuring.hpp"
#include "instrument/named.hpp"
#include "scpi/error_list.hpp"

namespace wheatstone {
inline namespace v1 {

using instrument::Step;
using profile::Command;
using profile::Term;

namespace {

using enum LoadMode;
constexpr instrument::Named<LoadMode> k_modes[] = {
    {constant_current, "CC"},
    {constant_current, "constant_current"},
    {constant_current, "current"},
    {constant_current, "CURR"},
    {constant_voltage, "CV"},
    {constant_voltage, "constant_voltage"},
    {constant_voltage, "voltage"},
    {constant_voltage, "VOLT"},
    {constant_resistance, "CR"},
    {constant_resistance, "resistance"},
    {constant_resistance, "constant_resistance"},
    {constant_resistance, "RES"},
    {constant_power, "CP"},
    {constant_power, "constant_power"},
    {constant_power, "power"},
    {constant_power, "POW"},
    {constant_power, "CW"},
};
constexpr instrument::Named<TransientMode> k_transients[] = {
    {TransientMode::continuous, "continuous"}, {TransientMode::continuous, "CONT"},
    {TransientMode::pulse, "pulse"},           {TransientMode::pulse, "PULS"},
    {TransientMode::toggle, "toggle"},         {TransientMode::toggle, "TOGG"},
};

/// By LoadMode: the quantity's name in profiles, and its word in FUNCtion.
constexpr std::array<std::string_view, 4> k_quantities{"current", "voltage", "resistance", "power"};
constexpr std::array<std::string_view, 4> k_words{"CURR", "VOLT", "RES", "POW"};
constexpr std::array<std::string_view, 3> k_transient_words{"CONT", "PULS", "TOGG"};

}  // namespace

std::string_view name_of(LoadMode mode) { return instrument::name_among(std::span(k_modes), mode); }
std::string_view name_of(TransientMode mode) { return instrument::name_among(std::span(k_transients), mode); }

template <>
LoadMode from_name<LoadMode>(std::string_view name) {
  return instrument::value_among(std::span(k_modes), name, "mode of a load");
}
template <>
TransientMode from_name<TransientMode>(std::string_view name) {
  return instrument::value_among(std::span(k_transients), name, "transient mode of a load");
}

struct ElectronicLoad::State {
  explicit State(instrument::Conversation& conversation)
      : talk(conversation),
        function(talk.find("function")),
        input(talk.find("input")),
        short_circuit(talk.find("short")),
        channels(talk.profile().commands->channels().begin(), talk.profile().commands->channels().end()) {
    for (std::size_t i = 0; i < k_quantities.size(); ++i) {
      const std::string name(k_quantities[i]);
      levels[i] = talk.find(name);
      ranges[i] = talk.find(name + ".range");
      slews[i] = talk.find(name + ".slew");
      transients[i] = talk.find(name + ".transient");
      measures[i] = talk.find("measure_" + name);
    }
  }

  /// The mode selected, asked of the instrument where it is not known from here. REQUIRES: the lock is held.
  LoadMode mode(int channel) {
    const bool known = known_mode && known_channel == channel && seen_raw == talk.raw_count() && !talk.is_shared();
    if (!known) remember(ask_mode(channel), channel);
    return *known_mode;
  }
  LoadMode ask_mode(int channel) {
    const std::string answer = talk.ask_text(talk.need(function, "tell its mode"), {}, std::span(&channel, 1));
    for (const auto& named : k_modes) {
      if (base::equal_ignoring_case(named.name, answer)) return named.value;
    }
    talk.refuse_answer("FUNC?", answer, "a mode of a load");
  }
  void remember(LoadMode mode, int channel) {
    known_mode = mode;
    known_channel = channel;
    seen_raw = talk.raw_count();
  }

  void set_level(LoadMode mode, double level, int channel) {
    const Command& command = talk.need(levels[static_cast<std::size_t>(mode)], "set that level");
    tell_level(command, mode, level, channel);
  }
  /// Tells a level, which has to lie within the present range (a load does not change ranges by itself).
  void tell_level(const Command& command, LoadMode mode, double level, int channel) {
    talk.transaction([&] {
      try {
        talk.tell(command, {level}, std::span(&channel, 1));
      } catch (const InstrumentError& error) {
        if (error.number() == scpi::k_data_out_of_range) explain_range(error, mode, level, channel);
        throw;
      }
    });
  }
  /// Throws `error` with what to do where another range holds the level; returns where none does.
  void explain_range(const InstrumentError& error, LoadMode mode, double level, int channel) {
    const auto i = static_cast<std::size_t>(mode);
    const profile::Quantity* const described = talk.profile().channel(channel).find(k_quantities[i]);
    if (described == nullptr || ranges[i] == nullptr) return;
    const profile::Range& holding = described->range_for(level);
    const double selected = talk.ask_number(*ranges[i], {}, std::span(&channel, 1));
    const profile::Range& present = described->range_for(selected);
    if (&holding == &present || level < holding.minimum || level > holding.maximum) return;
    const std::string_view unit = described->unit.label();
    throw InstrumentError(
        fmt::format("{}: {} {} on channel {} lies outside the present range of {}, {} to {} {}; call set_range({}) "
                    "first, for {} to {} {} (the instrument answered with {} \"{}\")",
                    talk.alias(), base::shortest(level), unit, channel, k_quantities[i],
                    base::shortest(present.minimum), base::shortest(present.maximum), unit, base::shortest(level),
                    base::shortest(holding.minimum), base::shortest(holding.maximum), unit, error.number(),
                    error.text()),
        error.queue(), error.context());
  }
  Reading measure(LoadMode quantity, int channel, Unit unit) {
    const auto i = static_cast<std::size_t>(quantity);
    const profile::Quantity* const described = talk.profile().channel(channel).find(k_quantities[i]);
    const Command& command = talk.need(measures[i], "measure that");
    return talk.transaction([&] {
      Reading reading = instrument::measured(talk, command, std::span(&channel, 1), nullptr, k_quantities[i], unit);
      if (described != nullptr && std::isfinite(reading.value))
        reading.uncertainty = instrument::uncertainty_of(reading.value, present_range(*described, i, channel));
      return reading;
    });
  }
  /// The range that a load reads a quantity in, which is the one that was chosen for its level, whatever the value.
  /// Asked of the instrument where it is not known from here. REQUIRES: the lock is held.
  const profile::Range& present_range(const profile::Quantity& described, std::size_t i, int channel) {
    if (described.ranges.size() == 1 || ranges[i] == nullptr) return described.ranges.front();
    if (ranges_channel != channel || ranges_raw != talk.raw_count() || talk.is_shared()) {
      known_ranges.fill(nullptr);
      ranges_channel = channel;
      ranges_raw = talk.raw_count();
    }
    if (known_ranges[i] == nullptr) {
      const double nominal = talk.ask_number(*ranges[i], {}, std::span(&channel, 1));
      known_ranges[i] = described.range_of(nominal);
      if (known_ranges[i] == nullptr) known_ranges[i] = &described.range_for(nominal);
    }
    return *known_ranges[i];
  }
  void tell(const char* id, std::string_view what, std::initializer_list<Term> terms, int channel) {
    talk.tell(talk.need(talk.find(id), what), terms, std::span(&channel, 1));
  }

  instrument::Conversation& talk;
  // Constant after construction; null where the model has no such command.
  const Command* function;
  const Command* input;
  const Command* short_circuit;
  std::array<const Command*, 4> levels{};
  std::array<const Command*, 4> ranges{};
  std::array<const Command*, 4> slews{};
  std::array<const Command*, 4> transients{};
  std::array<const Command*, 4> measures{};
  std::vector<int> channels;
  // Protected by the instrument's lock.
  std::optional<LoadMode> known_mode;
  int known_channel = 0;
  std::uint64_t seen_raw = 0;
  std::array<const profile::Range*, 4> known_ranges{};  // of the profile; null where they have to be asked for
  int ranges_channel = 0;
  std::uint64_t ranges_raw = 0;
};

ElectronicLoad::ElectronicLoad(std::unique_ptr<instrument::Conversation> conversation)
    : Instrument(std::move(conversation)), state_(std::make_unique<State>(this->conversation())) {}
ElectronicLoad::~ElectronicLoad() = default;

const std::vector<int>& ElectronicLoad::channels() const { return state_->channels; }

void ElectronicLoad::set_mode(LoadMode mode, int channel) {
  state_->talk.transaction([&] {
    state_->known_mode.reset();
    state_->talk.tell(state_->talk.need(state_->function, "choose its mode"), {k_words[static_cast<std::size_t>(mode)]},
                      std::span(&channel, 1));
    state_->remember(mode, channel);
  });
}

LoadMode ElectronicLoad::mode(int channel) {
  return state_->talk.transaction([&] {
    const LoadMode mode = state_->ask_mode(channel);
    state_->remember(mode, channel);
    return mode;
  });
}

void ElectronicLoad::set_load(double level, int channel) {
  state_->talk.transaction([&] { state_->set_level(state_->mode(channel), level, channel); });
}
void ElectronicLoad::set_current(double amperes, int channel) { state_->set_level(constant_current, amperes, channel); }
void ElectronicLoad::set_voltage(double volts, int channel) { state_->set_level(constant_voltage, volts, channel); }
void ElectronicLoad::set_resistance(double ohms, int channel) { state_->set_level(constant_resistance, ohms, channel); }
void ElectronicLoad::set_power(double watts, int channel) { state_->set_level(constant_power, watts, channel); }

double ElectronicLoad::load_setpoint(int channel) {
  return state_->talk.transaction([&] {
    const auto i = static_cast<std::size_t>(state_->mode(channel));
    return state_->talk.ask_number(state_->talk.need(state_->levels[i], "tell its level"), {}, std::span(&channel, 1));
  });
}

void ElectronicLoad::set_range(double level, int channel) {
  state_->talk.transaction([&] {
    const auto i = static_cast<std::size_t>(state_->mode(channel));
    state_->known_ranges[i] = nullptr;
    state_->talk.tell(state_->talk.need(state_->ranges[i], "set that range"), {level}, std::span(&channel, 1));
  });
}

double ElectronicLoad::range(int channel) {
  return state_->talk.transaction([&] {
    const auto i = static_cast<std::size_t>(state_->mode(channel));
    return state_->talk.ask_number(state_->talk.need(state_->ranges[i], "tell its range"), {}, std::span(&channel, 1));
  });
}

void ElectronicLoad::set_slew_rate(double rate, int channel) {
  state_->talk.transaction([&] {
    const auto i = static_cast<std::size_t>(state_->mode(channel));
    state_->talk.tell(state_->talk.need(state_->slews[i], "set that slew rate"), {rate}, std::span(&channel, 1));
  });
}

void ElectronicLoad::enable_input(bool on, int channel) {
  state_->talk.tell(state_->talk.need(state_->input, "switch its input"), {on}, std::span(&channel, 1));
}
bool ElectronicLoad::is_input_enabled(int channel) {
  return state_->talk.ask_boolean(state_->talk.need(state_->input, "tell its input's state"), std::span(&channel, 1));
}
void ElectronicLoad::short_input(bool on, int channel) {
  state_->talk.tell(state_->talk.need(state_->short_circuit, "short its input"), {on}, std::span(&channel, 1));
}

Reading ElectronicLoad::measure_current(int channel) { return state_->measure(constant_current, channel, "A"); }
Reading ElectronicLoad::measure_voltage(int channel) { return state_->measure(constant_voltage, channel, "V"); }
Reading ElectronicLoad::measure_power(int channel) { return state_->measure(constant_power, channel, "W"); }

void ElectronicLoad::configure_transient(const TransientSettings& settings, int channel) {
  if (std::ranges::find(state_->channels, channel) == state_->channels.end()) {
    instrument::throw_no_channel(state_->talk, channel);
  }
  state_->talk.transaction([&] {
    if (settings.mode) {
      state_->tell("transient_mode", "change levels", {k_transient_words[static_cast<std::size_t>(*settings.mode)]},
                   channel);
    }
    if (settings.level) set_transient_level(*settings.level, channel);
    if (settings.frequency) state_->tell("transient_frequency", "change levels", {*settings.frequency}, channel);
    if (settings.duty_cycle) state_->tell("transient_duty_cycle", "change levels", {*settings.duty_cycle}, channel);
    if (settings.pulse_width) state_->tell("transient_pulse_width", "change levels", {*settings.pulse_width}, channel);
  });
}

void ElectronicLoad::set_transient_level(double level, int channel) {
  state_->talk.transaction([&] {
    const auto i = static_cast<std::size_t>(state_->mode(channel));
    const Command& command = state_->talk.need(state_->transients[i], "set a transient level");
    state_->tell_level(command, static_cast<LoadMode>(i), level, channel);
  });
}

void ElectronicLoad::start_transient(bool continuous, int channel) {
  if (continuous) return state_->tell("continuous_transient", "change levels", {true}, channel);
  state_->talk.transaction([&] {
    state_->tell("initiate_transient", "change levels", {}, channel);
    state_->tell("trigger_transient", "change levels", {}, channel);
  });
}

void ElectronicLoad::stop_transient(int channel) {
  state_->talk.transaction([&] {
    state_->tell("continuous_transient", "change levels", {false}, channel);
    state_->tell("abort_transient", "change levels", {}, channel);
  });
}

void ElectronicLoad::set_over_current_protection(double amperes, int channel) {
  state_->talk.transaction([&] {
    state_->tell("protection_current", "protect against over-current", {amperes}, channel);
    state_->tell("protection_current_state", "protect against over-current", {true}, channel);
  });
}
void ElectronicLoad::set_over_power_protection(double watts, int channel) {
  state_->talk.transaction([&] {
    state_->tell("protection_power", "protect against over-power", {watts}, channel);
    state_->tell("protection_power_state", "protect against over-power", {true}, channel);
  });
}
void ElectronicLoad::set_over_voltage_protection(double volts, int channel) {
  state_->tell("protection_voltage", "protect against over-voltage", {volts}, channel);
}
void ElectronicLoad::clear_protection(int channel) {
  state_->tell("clear_protection", "clear its protection", {}, channel);
}

void ElectronicLoad::make_safe(Duration within) {
  auto& talk = state_->talk;
  talk.make_safe(within, [&] {
    const std::vector<int> inputs = talk.made_on().channels("input");
    const std::vector<int> shorts = talk.made_on().channels("short");
    if (!inputs.empty()) talk.tell(talk.need(state_->input, "switch its input"), {false}, inputs);
    if (!shorts.empty()) talk.tell(talk.need(state_->short_circuit, "short its input"), {false}, shorts);
  });
}

bool ElectronicLoad::is_anything_on() const { return instrument::is_anything_on(state_->talk); }

}  // namespace v1
}  // namespace wheatstone
