#include <wheatstone/multimeter.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include <cmath>
#include <limits>

#include "instrument/measuring.hpp"
#include "instrument/multimeter_memory.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone {
inline namespace v1 {

using instrument::MeterFunction;
using instrument::Step;
using profile::Command;
using profile::Term;

struct Multimeter::State {
  State(instrument::Conversation& conversation) : talk(conversation), memory(conversation) {}

  /// Throws ConfigurationError where the model does not measure that.
  const MeterFunction& at(MultimeterFunction f) const {
    const MeterFunction& found = memory.of(f);
    if (found.described != nullptr) return found;
    throw ConfigurationError(fmt::format("{}: {} does not measure {}", talk.alias(), talk.profile().name, found.spoken),
                             {.alias = talk.alias(), .model = talk.profile().name});
  }
  const Command& need(const Command* command, MultimeterFunction f, std::string_view what) const {
    if (command != nullptr) return *command;
    return talk.need(nullptr, fmt::format("{} of {}", what, memory.of(f).spoken));
  }
  [[noreturn]] void refuse(const std::string& why) const {
    throw ConfigurationError(talk.alias() + ": " + why, {.alias = talk.alias(), .model = talk.profile().name});
  }

  /// How a function integrates, in power-line cycles or in seconds: of the selected one where none is named. These two
  /// take the lock themselves.
  using Integration = const Command* MeterFunction::*;
  void set_integration(Integration by, double value, std::optional<MultimeterFunction> function, std::string_view what);
  double integration(Integration by, std::optional<MultimeterFunction> function, std::string_view what);

  MultimeterFunction selected();
  void select(MultimeterFunction f);
  void set_range(MultimeterFunction f, MeasuringRange range);
  void learn_range(MultimeterFunction f);
  void lend_range(MultimeterFunction f, MeasuringRange range);
  void lend_resolution(MultimeterFunction f, double resolution);
  void take_back_range(MultimeterFunction f);
  void take_back_resolution(MultimeterFunction f);
  void take_back(MultimeterFunction f);
  void set_resolution(MultimeterFunction f, double resolution);
  Reading measure(MultimeterFunction f, MeasuringRange range, std::optional<double> resolution);
  Reading ask_reading(const Command& question, MultimeterFunction f);
  MultimeterFunction function_in(std::string_view text, const std::string& answer);

  instrument::Conversation& talk;
  instrument::MultimeterMemory memory;
};

void Multimeter::State::set_integration(Integration by, double value, std::optional<MultimeterFunction> function,
                                        std::string_view what) {
  talk.transaction([&] {
    const MultimeterFunction f = function ? *function : selected();
    const Command& command = need(at(f).*by, f, what);
    const auto& steps = command.parameters.front().values;
    if (!steps.empty() && std::find(steps.begin(), steps.end(), value) == steps.end() && std::isfinite(value)) {
      throw LimitError(fmt::format("{}: {} is none of the model's steps of {}: {}", talk.alias(), value,
                                   command.header(), fmt::join(steps, ", ")),
                       {.alias = talk.alias(), .model = talk.profile().name, .command = command.header()});
    }
    memory.refresh(talk);
    talk.tell(command, {value});
    memory.aperture = by == &MeterFunction::nplc ? value / memory.line_frequency : value;
    memory.lent(f).integration = nullptr;
  });
}

double Multimeter::State::integration(Integration by, std::optional<MultimeterFunction> function,
                                      std::string_view what) {
  return talk.transaction([&] {
    const MultimeterFunction f = function ? *function : selected();
    return talk.ask_number(need(at(f).*by, f, what));
  });
}

// REQUIRES of all State's other methods: the lock is held.

MultimeterFunction Multimeter::State::function_in(std::string_view text, const std::string& answer) {
  for (std::size_t i = 0; i < instrument::k_function_count; ++i) {
    const auto f = static_cast<MultimeterFunction>(i);
    const profile::Function* const described = memory.of(f).described;
    if (described != nullptr && scpi::Pattern(described->header).matches(text)) return f;
  }
  talk.refuse_answer("FUNC?", answer, "a measuring function of this driver");
}

MultimeterFunction Multimeter::State::selected() {
  memory.refresh(talk);
  if (!memory.selected || talk.is_shared()) {
    const std::string answer = talk.ask_text(talk.need(memory.function, "tell its function"));
    memory.selected = function_in(answer, answer);
  }
  return *memory.selected;
}

void Multimeter::State::select(MultimeterFunction f) {
  memory.refresh(talk);
  if (memory.selected == f && !talk.is_shared()) [[likely]]
    return;
  const MeterFunction& wanted = at(f);
  memory.selected.reset();
  talk.tell(talk.need(memory.function, "select a function"), {wanted.selected});
  memory.selected = f;
}

void Multimeter::State::set_range(MultimeterFunction f, MeasuringRange range) {
  memory.refresh(talk);
  const MeterFunction& wanted = at(f);
  auto& known = memory.ranging(f);
  switch (range.kind()) {
    case MeasuringRange::Kind::as_configured:
      return;
    case MeasuringRange::Kind::automatic:
      talk.tell(need(wanted.auto_range, f, "choose the range"), {true});
      known = {.known = true, .automatic = true};
      return;
    case MeasuringRange::Kind::minimum:
    case MeasuringRange::Kind::maximum: {
      const bool low = range.kind() == MeasuringRange::Kind::minimum;
      talk.tell(need(wanted.range, f, "set the range"), {low ? "MIN" : "MAX"});
      const auto& ranges = wanted.described->quantity.ranges;
      known = {.known = true, .automatic = false, .fixed = low ? ranges.front().nominal : ranges.back().nominal};
      return;
    }
    case MeasuringRange::Kind::value:
      break;
  }
  const Command& command = need(wanted.range, f, "set the range");
  if (range.value() <= 0) {
    throw LimitError(
        fmt::format("{}: a range of {} is none; give the largest value to be measured", talk.alias(), range.value()),
        {.alias = talk.alias(), .model = talk.profile().name, .command = command.header()});
  }
  talk.tell(command, {range.value()});
  known = {.known = true, .automatic = false, .fixed = range.value()};
}

/// Asks how the function is ranged where nobody has set it from here: the uncertainty depends on it.
void Multimeter::State::learn_range(MultimeterFunction f) {
  auto& known = memory.ranging(f);
  if (known.known) [[likely]]
    return;
  const MeterFunction& asked = at(f);
  known.automatic = true;
  if (asked.auto_range != nullptr && asked.range != nullptr && !talk.ask_boolean(*asked.auto_range)) {
    known.fixed = talk.ask_number(*asked.range);
    known.automatic = false;
  }
  known.known = !talk.is_shared();
}

void Multimeter::State::set_resolution(MultimeterFunction f, double resolution) {
  memory.refresh(talk);
  const auto& ranging = memory.ranging(f);
  if (ranging.known && ranging.automatic) {
    refuse(fmt::format("a resolution of {} needs a fixed range, and {} is ranged automatically; set a range with it",
                       memory.of(f).spoken, memory.of(f).spoken));
  }
  talk.tell(need(at(f).resolution, f, "set the resolution"), {resolution});
  memory.aperture = 0;
}

/// A range for one measurement.
void Multimeter::State::lend_range(MultimeterFunction f, MeasuringRange range) {
  auto& lent = memory.lent(f);
  if (!lent.before) {
    static_cast<void>(need(at(f).range, f, "set the range"));
    learn_range(f);
    lent.before = memory.ranging(f);
  }
  set_range(f, range);
  lent.during = memory.ranging(f);
}

/// A resolution for one measurement. It sets the integration time, which is therefore asked for first.
void Multimeter::State::lend_resolution(MultimeterFunction f, double resolution) {
  auto& lent = memory.lent(f);
  const MeterFunction& asked = at(f);
  if (lent.integration == nullptr && asked.resolution != nullptr) {
    const bool by_time =
        asked.nplc == nullptr || (asked.aperture_enabled != nullptr && talk.ask_boolean(*asked.aperture_enabled));
    const Command* const integration = by_time ? asked.aperture : asked.nplc;
    if (integration != nullptr) lent.integration_before = talk.ask_number(*integration);
    lent.aperture_before = memory.aperture;
    lent.integration = integration;
  }
  set_resolution(f, resolution);
  if (lent.integration != nullptr) lent.integration_during = talk.ask_number(*lent.integration);
}

void Multimeter::State::take_back_range(MultimeterFunction f) {
  auto& lent = memory.lent(f);
  if (!lent.before) [[likely]]
    return;
  learn_range(f);  // raw text may have set another one meanwhile, which then stands
  const auto& now = memory.ranging(f);
  const auto& quantity = at(f).described->quantity;
  const bool still_lent =
      now.automatic == lent.during.automatic &&
      (now.automatic || quantity.range_for(now.fixed).nominal == quantity.range_for(lent.during.fixed).nominal);
  if (still_lent) set_range(f, lent.before->automatic ? MeasuringRange::automatic() : lent.before->fixed);
  lent.before.reset();
}

void Multimeter::State::take_back_resolution(MultimeterFunction f) {
  auto& lent = memory.lent(f);
  if (lent.integration == nullptr) [[likely]]
    return;
  // Raw text may have set another one meanwhile, which then stands.
  if (talk.ask_number(*lent.integration) == lent.integration_during) {
    talk.tell(*lent.integration, {lent.integration_before});
    memory.aperture = lent.aperture_before;
  }
  lent.integration = nullptr;
}

void Multimeter::State::take_back(MultimeterFunction f) {
  take_back_range(f);
  take_back_resolution(f);
}

Reading Multimeter::State::measure(MultimeterFunction f, MeasuringRange range, std::optional<double> resolution) {
  return talk.transaction([&] {
    if (resolution && range.kind() == MeasuringRange::Kind::automatic) {
      refuse("a resolution needs a fixed range; give the range too");
    }
    select(f);
    const bool ranged = range.kind() != MeasuringRange::Kind::as_configured;
    ranged ? lend_range(f, range) : take_back_range(f);
    resolution ? lend_resolution(f, *resolution) : take_back_resolution(f);
    return ask_reading(talk.need(memory.read, "read"), f);
  });
}

Reading Multimeter::State::ask_reading(const Command& question, MultimeterFunction f) {
  learn_range(f);
  const MeterFunction& asked = memory.of(f);
  const Time at_time = talk.clock().wall();
  std::string answer = talk.ask({.command = &question, .is_query = true}, {}, memory.reading_time());
  Reading reading = talk.reading_of(std::move(answer), question, asked.spoken, asked.described->quantity.unit, at_time);
  reading.uncertainty = memory.uncertainty(f, reading.value);
  return reading;
}

Multimeter::Multimeter(std::unique_ptr<instrument::Conversation> conversation)
    : Instrument(std::move(conversation)), state_(std::make_unique<State>(this->conversation())) {}
Multimeter::~Multimeter() = default;

Reading Multimeter::measure(MultimeterFunction function, MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(function, range, resolution);
}

using enum MultimeterFunction;
Reading Multimeter::measure_voltage_dc(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(voltage_dc, range, resolution);
}
Reading Multimeter::measure_voltage_ac(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(voltage_ac, range, resolution);
}
Reading Multimeter::measure_current_dc(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(current_dc, range, resolution);
}
Reading Multimeter::measure_current_ac(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(current_ac, range, resolution);
}
Reading Multimeter::measure_resistance(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(resistance, range, resolution);
}
Reading Multimeter::measure_resistance_4w(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(resistance_4w, range, resolution);
}
Reading Multimeter::measure_capacitance(MeasuringRange range, std::optional<double> resolution) {
  return state_->measure(capacitance, range, resolution);
}
Reading Multimeter::measure_frequency() { return state_->measure(frequency, {}, {}); }
Reading Multimeter::measure_period() { return state_->measure(period, {}, {}); }
Reading Multimeter::measure_temperature() { return state_->measure(temperature, {}, {}); }
Reading Multimeter::measure_continuity() { return state_->measure(continuity, {}, {}); }
Reading Multimeter::measure_diode() { return state_->measure(diode, {}, {}); }

void Multimeter::configure(MultimeterFunction function, MeasuringRange range, std::optional<double> resolution) {
  const bool automatic =
      range.kind() == MeasuringRange::Kind::automatic || range.kind() == MeasuringRange::Kind::as_configured;
  if (resolution && automatic) state_->refuse("a resolution needs a fixed range; give the range too");
  state_->talk.transaction([&] {
    const Command& command = state_->need(state_->at(function).configure, function, "configure a measurement");
    std::array<Term, 2> terms{Term(range.value()), Term(resolution.value_or(0))};
    if (range.kind() == MeasuringRange::Kind::minimum) terms[0] = Term("MIN");
    if (range.kind() == MeasuringRange::Kind::maximum) terms[0] = Term("MAX");
    const Step step{.command = &command, .terms = std::span(terms).first(automatic ? 0 : resolution ? 2 : 1)};
    state_->memory.refresh(state_->talk);
    state_->memory.forget();
    state_->talk.tell(std::span(&step, 1));
    state_->memory.lent(function) = {};
    state_->memory.selected = function;
    state_->memory.sample_count = 1;
    if (automatic) state_->memory.ranging(function) = {.known = true, .automatic = true};
    if (range.kind() == MeasuringRange::Kind::value) {
      state_->memory.ranging(function) = {.known = true, .automatic = false, .fixed = range.value()};
    }
  });
}

void Multimeter::set_function(MultimeterFunction function) {
  state_->talk.transaction([&] { state_->select(function); });
}

MultimeterFunction Multimeter::function() {
  return state_->talk.transaction([&] { return state_->selected(); });
}

MultimeterSettings Multimeter::get_config() {
  auto& talk = state_->talk;
  return talk.transaction([&] {
    const Command& question = talk.need(state_->memory.configuration, "tell its configuration");
    state_->memory.refresh(talk);
    std::string answer = talk.ask_text(question);
    const MultimeterFunction selected = state_->function_in(answer.substr(0, answer.find(' ')), answer);
    if (state_->memory.lent(selected).is_anything()) {
      state_->take_back(selected);
      answer = talk.ask_text(question);
    }
    const std::size_t space = answer.find(' ');
    MultimeterSettings settings;
    settings.function = selected;
    const auto fields =
        scpi::split_reply(space == std::string::npos ? std::string_view{} : std::string_view(answer).substr(space + 1));
    const auto number = [&](std::size_t i) {
      return i < fields.size()
                 ? scpi::parse_response_number(fields[i]).value_or(std::numeric_limits<double>::quiet_NaN())
                 : std::numeric_limits<double>::quiet_NaN();
    };
    settings.range = number(0);
    settings.resolution = number(1);
    const MeterFunction& found = state_->memory.of(settings.function);
    settings.unit = found.described->quantity.unit;
    settings.automatic_range = found.auto_range != nullptr && talk.ask_boolean(*found.auto_range);
    return settings;
  });
}

void Multimeter::set_range(MeasuringRange range, std::optional<MultimeterFunction> function) {
  state_->talk.transaction([&] {
    const MultimeterFunction f = function ? *function : state_->selected();
    state_->set_range(f, range);
    if (range.kind() != MeasuringRange::Kind::as_configured) state_->memory.lent(f).before.reset();
  });
}

void Multimeter::set_resolution(double resolution, std::optional<MultimeterFunction> function) {
  state_->talk.transaction([&] {
    const MultimeterFunction f = function ? *function : state_->selected();
    state_->take_back_range(f);
    state_->set_resolution(f, resolution);
    state_->memory.lent(f).integration = nullptr;
  });
}

void Multimeter::set_nplc(double cycles, std::optional<MultimeterFunction> function) {
  state_->set_integration(&MeterFunction::nplc, cycles, function, "set the power-line cycles");
}
double Multimeter::nplc(std::optional<MultimeterFunction> function) {
  return state_->integration(&MeterFunction::nplc, function, "tell the power-line cycles");
}
void Multimeter::set_aperture(double seconds, std::optional<MultimeterFunction> function) {
  state_->set_integration(&MeterFunction::aperture, seconds, function, "set the aperture");
}
double Multimeter::aperture(std::optional<MultimeterFunction> function) {
  return state_->integration(&MeterFunction::aperture, function, "tell the aperture");
}

std::optional<Duration> Multimeter::known_integration() const {
  return state_->talk.transaction([&]() -> std::optional<Duration> {
    state_->memory.refresh(state_->talk);
    if (state_->memory.aperture <= 0) return std::nullopt;
    return Duration::from_seconds(state_->memory.aperture * state_->memory.sample_count);
  });
}

void Multimeter::set_autozero(bool on, std::optional<MultimeterFunction> function) {
  state_->talk.transaction([&] {
    const MultimeterFunction f = function ? *function : state_->selected();
    state_->talk.tell(state_->need(state_->at(f).auto_zero, f, "switch the zero readings"), {on});
  });
}

void Multimeter::set_automatic_input_impedance(bool on) {
  state_->talk.tell(state_->talk.need(state_->talk.find("voltage_dc.auto_impedance"), "choose its input impedance"),
                    {on});
}

void Multimeter::set_trigger_source(std::string_view source) {
  state_->talk.tell(state_->talk.need(state_->talk.find("trigger_source"), "choose its trigger"), {source});
}

void Multimeter::set_sample_count(int count) {
  state_->talk.transaction([&] {
    state_->talk.tell(state_->talk.need(state_->talk.find("sample_count"), "take several samples"), {count});
    state_->memory.sample_count = count;
  });
}

std::vector<Reading> Multimeter::read_many() {
  auto& talk = state_->talk;
  return talk.transaction([&] {
    const MultimeterFunction f = state_->selected();
    state_->take_back(f);
    state_->learn_range(f);
    const MeterFunction& asked = state_->memory.of(f);
    const Command& read = talk.need(state_->memory.read, "read");
    const Duration each = state_->memory.reading_time();
    const Time at = talk.clock().wall();
    const std::string answer = talk.ask({.command = &read, .is_query = true}, {},
                                        std::chrono::nanoseconds(each.nanoseconds() * state_->memory.sample_count));
    std::vector<Reading> readings;
    for (const std::string_view field : scpi::split_reply(answer)) {
      readings.push_back(talk.reading_of(std::string(field), read, asked.spoken, asked.described->quantity.unit, at));
      readings.back().uncertainty = state_->memory.uncertainty(f, readings.back().value);
    }
    return readings;
  });
}

/// Sent without a question behind it: one that follows INITiate ends the measurement (notes on this family).
void Multimeter::initiate() {
  const Step step{.command = &state_->talk.need(state_->memory.initiate, "start a reading")};
  state_->talk.transaction([&] {
    state_->take_back(state_->selected());
    state_->talk.tell_only(std::span(&step, 1));
  });
}

Reading Multimeter::fetch() {
  return state_->talk.transaction([&] {
    const MultimeterFunction f = state_->memory.selected ? *state_->memory.selected : state_->selected();
    const auto& ranging = state_->memory.ranging(f);
    const MeterFunction& asked = state_->memory.of(f);
    const Command& question = state_->talk.need(state_->memory.fetch, "fetch a reading");
    const Time at = state_->talk.clock().wall();
    std::string answer = state_->talk.ask({.command = &question, .is_query = true}, {}, state_->memory.reading_time());
    Reading reading =
        state_->talk.reading_of(std::move(answer), question, asked.spoken, asked.described->quantity.unit, at);
    if (ranging.known) reading.uncertainty = state_->memory.uncertainty(f, reading.value);
    return reading;
  });
}

}  // namespace v1
}  // namespace wheatstone
