#include <wheatstone/oscilloscope.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "instrument/oscilloscope_state.hpp"

namespace wheatstone {
inline namespace v1 {

using instrument::Step;
using profile::Term;

namespace {

constexpr std::array<std::string_view, 2> k_coupling_words{"DC", "AC"};
constexpr std::array<std::string_view, 4> k_slope_words{"POS", "NEG", "EITH", "ALT"};
constexpr std::array<std::string_view, 2> k_sweep_words{"AUTO", "NORM"};
constexpr std::array<std::string_view, 3> k_trigger_coupling_words{"DC", "AC", "LFR"};
constexpr std::array<std::string_view, 4> k_type_words{"NORM", "AVER", "HRES", "PEAK"};
constexpr int k_running = 8;  ///< bit 3 of OPERegister:CONDition (3000X programmer's guide p.171)

template <class Enumeration, std::size_t N>
std::string_view word_of(const std::array<std::string_view, N>& words, Enumeration value) {
  return words[static_cast<std::size_t>(value)];
}

/// Settings collected for one message; terms stay where they are.
class Settings {
 public:
  explicit Settings(int channel = 0) : channel_(channel) {}
  void add(const profile::Command& command, Term term) {
    terms_[count_][0] = term;
    add_step(command, 1);
  }
  void add(const profile::Command& command, Term first, Term second) {
    terms_[count_] = {first, second};
    add_step(command, 2);
  }
  [[nodiscard]] std::span<const Step> steps() const { return std::span(steps_).first(count_); }

 private:
  static constexpr std::size_t k_most = 8;
  void add_step(const profile::Command& command, std::size_t terms) {
    const std::span<const int> channels = channel_ > 0 ? std::span<const int>(&channel_, 1) : std::span<const int>{};
    steps_[count_] = {.command = &command, .terms = std::span(terms_[count_]).first(terms), .channels = channels};
    ++count_;
  }
  int channel_;
  std::size_t count_ = 0;
  std::array<std::array<Term, 2>, k_most> terms_ = filled();
  std::array<Step, k_most> steps_{};
  static std::array<std::array<Term, 2>, k_most> filled() {
    const std::array<Term, 2> none{Term(0.0), Term(0.0)};
    return {none, none, none, none, none, none, none, none};
  }
};

}  // namespace

Oscilloscope::Oscilloscope(std::unique_ptr<instrument::Conversation> conversation)
    : Instrument(std::move(conversation)), state_(std::make_unique<State>(this->conversation())) {}
Oscilloscope::~Oscilloscope() = default;

const std::vector<int>& Oscilloscope::channels() const { return state_->channels; }

ScopeChannel Oscilloscope::channel(int number) {
  state_->require_channel(number);
  return {this, number};
}

ScopeChannels Oscilloscope::channels(std::vector<int> numbers) {
  if (numbers.empty()) throw ConfigurationError(alias() + ": channels() needs the channels' numbers, such as 1 and 2");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    state_->require_channel(numbers[i]);
    if (std::find(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(i), numbers[i]) !=
        numbers.begin() + static_cast<std::ptrdiff_t>(i)) {
      throw ConfigurationError(alias() + ": channels() was given channel " + std::to_string(numbers[i]) + " twice");
    }
  }
  return {this, std::move(numbers)};
}

void Oscilloscope::auto_scale() {
  auto& talk = state_->talk;
  talk.transaction([&] {
    state_->forget();
    const Step step{.command = &state_->need("autoscale", "scale itself")};
    talk.tell_only(std::span(&step, 1));
    talk.wait_for_operation_complete(std::max(talk.timeout(), Duration(std::chrono::seconds(30))));
  });
}

// ---- Time axis
// -------------------------------------------------------------------------------------------------------

void Oscilloscope::set_timebase_scale(double seconds_per_division) {
  state_->talk.tell(state_->need("timebase.scale", "set its time base"), {seconds_per_division});
}
void Oscilloscope::set_timebase_position(double seconds) {
  state_->talk.tell(state_->need("timebase.position", "move its time base"), {seconds});
}
void Oscilloscope::set_time_axis(double seconds_per_division, double position_seconds) {
  Settings settings;
  settings.add(state_->need("timebase.scale", "set its time base"), seconds_per_division);
  settings.add(state_->need("timebase.position", "move its time base"), position_seconds);
  state_->talk.tell(settings.steps());
}
ScopeAxis Oscilloscope::get_time_axis() {
  return state_->talk.transaction([&] {
    const double scale = state_->talk.ask_number(state_->need("timebase.scale", "tell its time base"));
    return ScopeAxis{.scale = scale,
                     .position = state_->talk.ask_number(state_->need("timebase.position", "tell its time base"))};
  });
}
void Oscilloscope::set_acquisition_time(double seconds) {
  state_->talk.tell(state_->need("timebase.range", "set its time base"), {seconds});
}

// ---- Channels
// --------------------------------------------------------------------------------------------------------

void Oscilloscope::setup_channel(int channel, const ScopeChannelSettings& wanted) {
  state_->require_channel(channel);
  if (wanted.position && wanted.offset) {
    throw ConfigurationError(
        fmt::format("{}: position and offset of channel {} are two ways to say one thing; give one", alias(), channel),
        {.alias = alias(), .model = profile_name()});
  }
  state_->talk.transaction([&] {
    Settings settings(channel);
    if (wanted.coupling) {
      settings.add(state_->need("channel.coupling", "couple a channel"), word_of(k_coupling_words, *wanted.coupling));
    }
    // The probe's factor comes first: scale and offset are voltages at its tip.
    if (wanted.probe_attenuation) {
      settings.add(state_->need("channel.probe", "tell a channel its probe"), *wanted.probe_attenuation);
    }
    if (wanted.bandwidth_limit) {
      settings.add(state_->need("channel.bandwidth_limit", "limit a channel's bandwidth"), *wanted.bandwidth_limit);
    }
    if (wanted.scale) settings.add(state_->need("channel.scale", "scale a channel"), *wanted.scale);
    std::optional<double> offset = wanted.offset;
    if (wanted.position) offset = -*wanted.position * (wanted.scale ? *wanted.scale : state_->vertical(channel).scale);
    if (offset) settings.add(state_->need("channel.offset", "offset a channel"), *offset + 0.0);
    if (settings.steps().empty()) return;
    state_->verticals[static_cast<std::size_t>(channel - 1)] = {};
    state_->talk.tell(settings.steps());
  });
}

void Oscilloscope::set_channel_scale(int channel, double volts) { setup_channel(channel, {.scale = volts}); }
void Oscilloscope::set_channel_offset(int channel, double volts) { setup_channel(channel, {.offset = volts}); }
void Oscilloscope::set_channel_axis(int channel, double scale, double offset) {
  setup_channel(channel, {.scale = scale, .offset = offset});
}
ScopeAxis Oscilloscope::get_channel_axis(int channel) {
  return state_->talk.transaction([&] {
    const std::span of(&channel, 1);
    const double scale = state_->talk.ask_number(state_->need("channel.scale", "tell a channel's scale"), {}, of);
    return ScopeAxis{
        .scale = scale,
        .position = state_->talk.ask_number(state_->need("channel.offset", "tell a channel's offset"), {}, of)};
  });
}
void Oscilloscope::set_channel_coupling(int channel, Coupling coupling) {
  setup_channel(channel, {.coupling = coupling});
}
void Oscilloscope::set_probe_attenuation(int channel, double factor) {
  setup_channel(channel, {.probe_attenuation = factor});
}
double Oscilloscope::get_probe_attenuation(int channel) {
  return state_->talk.ask_number(state_->need("channel.probe", "tell a channel's probe"), {}, std::span(&channel, 1));
}
void Oscilloscope::set_bandwidth_limit(int channel, bool on) { setup_channel(channel, {.bandwidth_limit = on}); }
void Oscilloscope::display_channel(int channel, bool on) {
  state_->talk.tell(state_->need("channel.display", "show a channel"), {on}, std::span(&channel, 1));
}
bool Oscilloscope::is_channel_displayed(int channel) {
  return state_->talk.ask_boolean(state_->need("channel.display", "tell whether it shows a channel"),
                                  std::span(&channel, 1));
}

// ---- Trigger
// ---------------------------------------------------------------------------------------------------------

void Oscilloscope::setup_edge(const TriggerSource& source, double level, TriggerSlope slope,
                              std::optional<TriggerCoupling> coupling) {
  const std::string_view from = source.channel() > 0 ? state_->word(source.channel()) : source.word();
  Settings settings;
  settings.add(state_->need("trigger.mode", "trigger on an edge"), "EDGE");
  settings.add(state_->need("trigger.source", "choose its trigger"), from);
  if (from != "LINE" && from != "WGEN") {  // those two have no level
    settings.add(state_->need("trigger.level", "set its trigger level"), level, from);
  }
  settings.add(state_->need("trigger.slope", "choose its trigger's slope"), word_of(k_slope_words, slope));
  if (coupling) {
    settings.add(state_->need("trigger.coupling", "couple its trigger"), word_of(k_trigger_coupling_words, *coupling));
  }
  state_->talk.tell(settings.steps());
}

void Oscilloscope::set_trigger_source(const TriggerSource& source) {
  const std::string_view from = source.channel() > 0 ? state_->word(source.channel()) : source.word();
  state_->talk.tell(state_->need("trigger.source", "choose its trigger"), {from});
}
void Oscilloscope::set_trigger_level(double volts, std::optional<TriggerSource> source) {
  Settings settings;
  const profile::Command& command = state_->need("trigger.level", "set its trigger level");
  if (source) {
    settings.add(command, volts, source->channel() > 0 ? state_->word(source->channel()) : source->word());
  } else {
    settings.add(command, volts);
  }
  state_->talk.tell(settings.steps());
}
void Oscilloscope::set_trigger_slope(TriggerSlope slope) {
  state_->talk.tell(state_->need("trigger.slope", "choose its trigger's slope"), {word_of(k_slope_words, slope)});
}
void Oscilloscope::set_trigger_sweep(TriggerSweep sweep) {
  state_->talk.tell(state_->need("trigger.sweep", "choose its sweep"), {word_of(k_sweep_words, sweep)});
}
void Oscilloscope::single() { state_->talk.tell(state_->need("single", "acquire once")); }
void Oscilloscope::run() { state_->talk.tell(state_->need("run", "run")); }
void Oscilloscope::stop() { state_->talk.tell(state_->need("stop", "stop")); }
void Oscilloscope::force_trigger() { state_->talk.tell(state_->need("trigger.force", "force its trigger")); }

/// The instrument is free for other threads between the questions, so that one can force the trigger.
bool Oscilloscope::wait_for_trigger(Duration timeout) {
  constexpr std::int64_t k_first_pause = 200'000;
  constexpr std::int64_t k_longest_pause = 20'000'000;
  auto& talk = state_->talk;
  const profile::Command& condition = state_->need("operation_register_condition", "tell whether it has triggered");
  const std::int64_t deadline = talk.clock().monotonic() + timeout.nanoseconds();
  for (std::int64_t pause = k_first_pause;; pause = std::min(pause * 2, k_longest_pause)) {
    const auto bits = static_cast<std::int64_t>(talk.ask_number(condition));
    if ((bits & k_running) == 0) return true;
    const std::int64_t now = talk.clock().monotonic();
    if (now >= deadline) return false;
    static_cast<void>(talk.clock().wait_until(std::min(now + pause, deadline), {}));
  }
}

// ---- Acquisition
// -----------------------------------------------------------------------------------------------------

void Oscilloscope::set_acquisition_type(AcquisitionType type) {
  state_->talk.tell(state_->need("acquire.type", "choose its acquisition"), {word_of(k_type_words, type)});
}
AcquisitionType Oscilloscope::acquisition_type() {
  return from_name<AcquisitionType>(state_->talk.ask_text(state_->need("acquire.type", "tell its acquisition")));
}
void Oscilloscope::set_average_count(int count) {
  state_->talk.tell(state_->need("acquire.count", "average"), {count});
}
int Oscilloscope::average_count() {
  return static_cast<int>(state_->talk.ask_number(state_->need("acquire.count", "tell its averages")));
}
int Oscilloscope::acquisition_points() {
  return static_cast<int>(state_->talk.ask_number(state_->need("acquire.points", "tell its points")));
}
double Oscilloscope::sample_rate() {
  return state_->talk.ask_number(state_->need("acquire.sample_rate", "tell its sampling rate"));
}

// ---- Measurements
// ----------------------------------------------------------------------------------------------------

Reading Oscilloscope::measure_voltage_peak_to_peak(int channel) {
  const Term source(state_->word(channel));
  return state_->measure("measure.vpp", std::span(&source, 1), channel, "peak to peak", "V");
}
Reading Oscilloscope::measure_rms_voltage(int channel) {
  const std::array arguments{Term("DISP"), Term("DC"), Term(state_->word(channel))};
  return state_->measure("measure.rms", arguments, channel, "rms voltage", "V");
}
Reading Oscilloscope::measure_mean(int channel) {
  const std::array arguments{Term("DISP"), Term(state_->word(channel))};
  return state_->measure("measure.average", arguments, channel, "mean voltage", "V");
}
Reading Oscilloscope::measure_amplitude(int channel) {
  const Term source(state_->word(channel));
  return state_->measure("measure.amplitude", std::span(&source, 1), channel, "amplitude", "V");
}
Reading Oscilloscope::measure_maximum(int channel) {
  const Term source(state_->word(channel));
  return state_->measure("measure.maximum", std::span(&source, 1), channel, "maximum", "V");
}
Reading Oscilloscope::measure_minimum(int channel) {
  const Term source(state_->word(channel));
  return state_->measure("measure.minimum", std::span(&source, 1), channel, "minimum", "V");
}
Reading Oscilloscope::measure_frequency(int channel) {
  const Term source(state_->word(channel));
  return state_->measure("measure.frequency", std::span(&source, 1), channel, "frequency", "Hz");
}
Reading Oscilloscope::measure_period(int channel) {
  const Term source(state_->word(channel));
  return state_->measure("measure.period", std::span(&source, 1), channel, "period", "s");
}

void Oscilloscope::make_safe(Duration within) {
  state_->talk.make_safe(within,
                         [&] { state_->talk.tell(state_->need("generator.output", "switch its generator"), {false}); });
}
bool Oscilloscope::is_anything_on() const { return instrument::is_anything_on(state_->talk); }

}  // namespace v1
}  // namespace wheatstone
