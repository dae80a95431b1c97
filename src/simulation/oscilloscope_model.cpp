#include "simulation/oscilloscope_model.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/model_figures.hpp"
#include "simulation/trigger_edge.hpp"

namespace wheatstone::simulation {
namespace {

constexpr std::int64_t k_line_period = 20'000'000;  // trigger source LINE at 50 Hz
constexpr double k_autoscale_seconds = 2;

}  // namespace

OscilloscopeModel::OscilloscopeModel(Surroundings surroundings) : surroundings_(std::move(surroundings)) {
  const profile::Profile& profile = *surroundings_.profile;
  for (std::size_t i = 0; i < profile.channels.size(); ++i) {
    const profile::Channel& channel = profile.channels[i];
    const std::string name = "input " + std::to_string(channel.number);
    inputs_.push_back(
        Input{.number = channel.number,
              .node = surroundings_.nodes[i],
              .data = &channel,
              .noise = NoiseStream(surroundings_.seed, surroundings_.alias, name),
              .unit_error = draw_systematic_error(surroundings_.seed, surroundings_.alias, name + " error", 1, 1)});
  }
}

void OscilloscopeModel::reset(std::int64_t at, PlainSettings& settings) {
  for (Input& input : inputs_) {
    input.scale = input.data->quantity("scale").reset.value_or(1);
    input.offset = input.data->quantity("offset").reset.value_or(0);
    input.probe = input.data->quantity("probe").reset.value_or(1);
    input.trigger_level = 0;
    input.displayed = &input == &inputs_.front();
    input.inverts = input.removes_mean = input.limits_bandwidth = false;
    input.skew = 0;
    connect(input, at);
  }
  timebase_scale_ = 1e-4;
  timebase_position_ = 0;
  reference_divisions_ = 5;
  sweeps_by_itself_ = true;
  slope_ = Slope::positive;
  trigger_source_ = "CHAN1";
  trigger_path_ = {};
  const profile::Command* holdoff = surroundings_.profile->commands->find("trigger.holdoff");
  holdoff_ = holdoff == nullptr ? 0 : nanoseconds(settings.number(*holdoff, 0));
  last_trigger_ = k_long_ago;
  acquisition_ = AcquisitionType::normal;
  averages_ = 1;
  waveform_points_ = k_all_points;
  capture_.reset();
  state_ = State::running;
  restart(at);
}

/// 1 MOhm; a dividing probe multiplies it.
void OscilloscopeModel::connect(Input& input, std::int64_t at) {
  const double ohms = figure_of("input_resistance", 1e6) * std::max(1.0, input.probe);
  if (input.conductance == 1 / ohms) return;
  surroundings_.circuit->add_conductance(input.node, 1 / ohms - input.conductance, at);
  input.conductance = 1 / ohms;
}

void OscilloscopeModel::restart(std::int64_t at) {
  since_ = at;
  triggered_.reset();
}

double OscilloscopeModel::left() const { return timebase_position_ - reference_divisions_ * timebase_scale_; }
std::int64_t OscilloscopeModel::before() const { return nanoseconds(std::max(0.0, -left())); }
std::int64_t OscilloscopeModel::after() const { return nanoseconds(std::max(0.0, left() + length())); }

bool OscilloscopeModel::shows_many() const {
  return std::count_if(inputs_.begin(), inputs_.end(), [](const Input& input) { return input.displayed; }) > 2;
}

double OscilloscopeModel::converter_rate() const {
  return figure_of(shows_many() ? "sample_rate_all" : "sample_rate", 1e9);
}

double OscilloscopeModel::sample_rate() const {
  return std::min(converter_rate(), figure_of(shows_many() ? "memory_all" : "memory", 1e6) / length());
}

std::size_t OscilloscopeModel::acquired_points() const {
  return static_cast<std::size_t>(std::max(100.0, std::round(sample_rate() * length())));
}

double OscilloscopeModel::noise_of(const Input& input) const {
  const double coarse = figure_of("noise_divisions", 0.02) * input.scale;
  const double floor = figure_of("noise_floor", 2e-4) * input.probe;
  // On coarse scales the converter's step hides the front end; the floor rules on fine ones.
  return std::min(coarse, floor);
}

CaptureInput OscilloscopeModel::capture_input(const Input& input) const {
  const profile::Range& gain = input.data->quantity("scale").range_for(input.scale / input.probe);
  const profile::Range& offset = input.data->quantity("offset").range_for(std::abs(input.offset) / input.probe);
  const double divisions = figure_of("offset_accuracy_divisions", 0);
  CaptureInput settings;
  settings.axis = {.volts_per_division = input.scale, .offset = input.offset};
  settings.error.gain = gain.readback.of_range * input.unit_error.gain;
  settings.error.offset = (offset.readback.limit(input.offset, 0) + divisions * input.scale) * input.unit_error.offset;
  const double limit = figure_of("bandwidth_limited", 20e6);
  settings.bandwidth = input.limits_bandwidth ? limit : 0;
  settings.noise = noise_of(input) * (input.limits_bandwidth ? std::sqrt(limit / figure_of("bandwidth", limit)) : 1);
  settings.skew = input.skew;
  settings.type = acquisition_;
  settings.averages = averages_;
  settings.sample_rate = converter_rate();
  settings.removes_mean = input.removes_mean;
  settings.inverts = input.inverts;
  return settings;
}

void OscilloscopeModel::capture(std::int64_t trigger) {
  const CaptureWindow window{.trigger = trigger, .start = left(), .length = length()};
  std::vector<NodeTrace> traces;
  std::vector<CaptureInput> settings;
  std::vector<NoiseStream> noise;
  for (const Input& input : inputs_) {
    traces.push_back(surroundings_.circuit->trace(input.node, window.begin(), window.end()));
    settings.push_back(capture_input(input));
    noise.push_back(input.noise);
  }
  capture_.emplace(window, std::move(traces), std::move(settings), std::move(noise),
                   captures_.next(surroundings_.occasion));
  acquisition_event_ = true;
}

/// A signal must swing by so much about the level (data sheet p.14: 0.6 divisions or 2.5 mV; noise reject doubles it).
double OscilloscopeModel::hysteresis(const Input& input) const {
  constexpr double k_least_volts = 2.5e-3;
  const double swing =
      std::max(figure_of("trigger_sensitivity_divisions", 0.6) * input.scale, k_least_volts * input.probe);
  return (trigger_path_.rejects_noise ? 2 : 1) * swing / 2;
}

std::optional<std::int64_t> OscilloscopeModel::crossing(const NodeTrace& trace, std::int64_t from, std::int64_t to,
                                                        double level, double hysteresis) const {
  const auto edge = [&](std::int64_t last, bool rising) {
    const TriggerFilter filter{.rejects_low = trigger_path_.rejects_low, .rejects_high = trigger_path_.rejects_high};
    return find_edge(trace, filter,
                     {.from = from, .to = last, .level = level, .hysteresis = hysteresis, .rising = rising});
  };
  std::optional<std::int64_t> first;
  if (slope_ != Slope::negative) first = edge(to, true);
  if (slope_ != Slope::positive) {
    const auto falling = edge(first.value_or(to), false);
    if (falling) first = falling;
  }
  return first;
}

std::optional<std::int64_t> OscilloscopeModel::find_trigger(std::int64_t from, std::int64_t to) const {
  if (to < from) return std::nullopt;
  if (trigger_source_ == "LINE") {
    const std::int64_t next = (from + k_line_period - 1) / k_line_period * k_line_period;
    return next <= to ? std::optional(next) : std::nullopt;
  }
  for (const Input& input : inputs_) {
    if (trigger_source_ != "CHAN" + std::to_string(input.number)) continue;
    const NodeTrace trace = surroundings_.circuit->trace(input.node, from, to);
    double level = input.inverts ? -input.trigger_level : input.trigger_level;
    if (!trigger_path_.rejects_low && (trigger_path_.removes_mean || input.removes_mean))
      level += trace.mean_voltage(from, to);
    return crossing(trace, from, to, level, hysteresis(input));
  }
  return std::nullopt;  // EXTernal and WGEN: nothing is wired there
}

std::optional<std::int64_t> OscilloscopeModel::find_last_trigger(std::int64_t from, std::int64_t to) const {
  constexpr int k_most = 4096;
  std::optional<std::int64_t> last;
  for (int i = 0; i < k_most; ++i) {
    const auto next = find_trigger(last ? *last + std::max<std::int64_t>(1, holdoff_) : from, to);
    if (!next) return last;
    last = next;
  }
  return last;
}

/// Brings a single acquisition up to the present: finds its trigger, and its end.
void OscilloscopeModel::advance(std::int64_t now) {
  if (state_ != State::single) return;
  if (!triggered_) {
    triggered_ = find_trigger(trigger_from(), now);
    const std::int64_t by_itself = ready() + nanoseconds(figure_of("auto_trigger_time", 0.05));
    if (sweeps_by_itself_ && now >= by_itself && (!triggered_ || *triggered_ > by_itself)) triggered_ = by_itself;
    trigger_event_ = trigger_event_ || triggered_.has_value();
  }
  if (triggered_) last_trigger_ = std::max(last_trigger_, *triggered_);
  if (!triggered_ || now < *triggered_ + after()) return;
  capture(*triggered_);
  state_ = State::stopped;
}

/// The newest screen that is complete. Without a trigger the AUTO sweep shows the present, the NORMal one keeps what it
/// has.
void OscilloscopeModel::capture_newest(std::int64_t now) {
  const std::int64_t latest = now - after();
  const std::int64_t patience = nanoseconds(figure_of("auto_trigger_time", 0.05));
  const std::int64_t from = sweeps_by_itself_ ? std::max(trigger_from(), latest - patience) : trigger_from();
  const auto found = find_last_trigger(from, latest);
  if (found) last_trigger_ = *found;
  trigger_event_ = trigger_event_ || found.has_value();
  if (found || sweeps_by_itself_) capture(found.value_or(latest));
}

void OscilloscopeModel::when_complete(Exchange& exchange, Exchange::Continuation then) {
  const std::int64_t now = exchange.now();
  advance(now);
  if (state_ == State::running) {
    const std::int64_t complete = ready() + after();
    if (now < complete) {
      exchange.take(complete - now, [this, then = std::move(then)](Exchange& later) { when_complete(later, then); });
      return;
    }
    capture_newest(now);
  } else if (state_ == State::single && (triggered_ || sweeps_by_itself_)) {
    const std::int64_t patience = nanoseconds(figure_of("auto_trigger_time", 0.05));
    const std::int64_t next = triggered_ ? *triggered_ + after() : ready() + patience;
    exchange.take(std::max<std::int64_t>(1, next - now),
                  [this, then = std::move(then)](Exchange& later) { when_complete(later, then); });
    return;
  }
  then(exchange);
}

/// Arms, and is busy until the record is complete; in the NORMal sweep that may be for ever.
void OscilloscopeModel::digitize(Exchange& exchange) {
  state_ = State::single;
  restart(exchange.now());
  exchange.take(before(), [this](Exchange& ready_now) {
    if (sweeps_by_itself_) {
      when_complete(ready_now, [](Exchange&) {});
      return;
    }
    ready_now.wait_for([this](Exchange& later) {
      advance(later.now());
      if (state_ == State::single && !triggered_) return false;
      when_complete(later, [](Exchange&) {});
      return true;
    });
  });
}

/// Scales every input with a signal so that it fills the screen's half, and triggers on the first of them.
void OscilloscopeModel::autoscale(Exchange& exchange) {
  exchange.take(nanoseconds(k_autoscale_seconds), [this](Exchange& done) {
    for (Input& input : inputs_) {
      const NodeTrace trace = surroundings_.circuit->trace(input.node, done.now(), done.now());
      const double volts = std::abs(trace.voltage(done.now()));
      input.displayed = volts > 0.01 || &input == &inputs_.front();
      const double wanted = std::max(volts / 3, 0.01 * input.probe);
      const double decade = std::pow(10, std::floor(std::log10(wanted)));
      for (const double step : {1.0, 2.0, 5.0, 10.0}) {
        if (!set_scale(input, step * decade) || step * decade >= wanted) break;
      }
      input.offset = 0;
      input.trigger_level = 0.5 * trace.voltage(done.now());
    }
    state_ = State::running;
    restart(done.now());
  });
}

void OscilloscopeModel::trigger(Exchange& exchange) {
  advance(exchange.now());
  if (state_ != State::single) return;
  if (!triggered_) triggered_ = std::max(exchange.now(), ready());
  trigger_event_ = true;
}

/// Device clear ends a digitise that waits for its trigger.
void OscilloscopeModel::abort(std::int64_t) {
  if (state_ == State::single) state_ = State::stopped;
}

/// Operation register: 3 running, 5 waiting for a trigger (3000 X programmer's guide p.171).
void OscilloscopeModel::update(std::int64_t at, StatusModel& status) {
  advance(at);
  unsigned condition = 0;
  if (state_ != State::stopped) condition |= 1U << 3U;
  if (state_ == State::single && !triggered_ && at >= ready()) condition |= 1U << 5U;
  operation_.update(static_cast<std::uint16_t>(condition));
  status.operation.update(static_cast<std::uint16_t>(condition));
}

}  // namespace wheatstone::simulation
