#include "simulation/multimeter_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simulation/model_figures.hpp"

namespace wheatstone::simulation {
namespace {

using Kind = MeterFunction::Kind;

constexpr std::int64_t k_ms = 1'000'000;
constexpr std::int64_t k_settling = 2 * k_ms;         // from trigger or range change to the first sample
constexpr std::int64_t k_gate_timeout = 1000 * k_ms;  // frequency and period without a signal
constexpr std::int64_t k_other = 100 * k_ms;

}  // namespace

void MultimeterModel::Statistics::add(double value) {
  minimum = count == 0 ? value : std::min(minimum, value);
  maximum = count == 0 ? value : std::max(maximum, value);
  const double before = value - mean;
  mean += before / static_cast<double>(++count);
  squares += before * (value - mean);
}

double MultimeterModel::Statistics::deviation() const {
  return count < 2 ? 0 : std::sqrt(squares / static_cast<double>(count - 1));
}

MultimeterModel::MultimeterModel(Surroundings surroundings)
    : surroundings_(std::move(surroundings)),
      line_frequency_(surroundings_.profile->find_figure("line_frequency").value_or(50)),
      noise_at_ten_cycles_(surroundings_.profile->find_figure("noise_10nplc").value_or(1e-7)),
      input_(surroundings_) {
  for (const profile::Function& function : surroundings_.profile->functions) {
    functions_.emplace_back(function, surroundings_);
    headers_.emplace_back(function.header);
  }
}

void MultimeterModel::reset(std::int64_t at, PlainSettings&) {
  for (MeterFunction& function : functions_) {
    function.restore_defaults();
    function.high_impedance = false;
    function.null_enabled = false;
    function.null_value = 0;
  }
  trigger_delay_ = 0;
  paced_ = false;
  sample_interval_ = 1;
  counting_ = false;
  statistics_ = {};
  trigger_source_ = TriggerSource::immediate;
  sample_count_ = 1;
  trigger_count_ = 1;
  memory_.clear();
  abort(at);
  select(0, at);
}

void MultimeterModel::select(std::size_t function, std::int64_t at) {
  selected_ = function;
  input_.connect(present(), at);
}

/// Integration, and before it the zero of the same length; what has no aperture takes what it takes.
std::int64_t MultimeterModel::reading_time(const MeterFunction& function) const {
  switch (function.kind) {
    case Kind::voltage_dc:
    case Kind::current_dc:
    case Kind::resistance: {
      const std::int64_t integration = nanoseconds(function.integration(line_frequency_));
      return k_settling + (function.autozero ? 2 : 1) * integration;
    }
    case Kind::voltage_ac:
    case Kind::current_ac:
      return nanoseconds(function.filter_seconds());
    case Kind::frequency:
    case Kind::period:
      return k_gate_timeout;  // at most; counting_time() knows better
    default:
      return k_other;
  }
}

/// The gate, where something can be counted in it; else the counter waits for a slow signal until its time-out.
std::int64_t MultimeterModel::counting_time(const MeterFunction& function, std::int64_t at) const {
  const std::int64_t gate = nanoseconds(function.gate);
  const double range = function.counted_range.value_or(MeterFunction::automatic_counted_range);
  return input_.counted(at, at + gate, range) > 0 ? gate : std::max(gate, k_gate_timeout);
}

std::int64_t MultimeterModel::next_sample() const {
  if (!paced_) return reading_end_;
  return std::max(reading_end_, sample_begin_ + nanoseconds(sample_interval_));
}

void MultimeterModel::initiate(Exchange& exchange, std::int64_t at) {
  if (armed_ || readings_left_ > 0) {
    exchange.error(scpi::k_init_ignored);
    return;
  }
  memory_.clear();
  triggers_left_ = trigger_count_;
  armed_ = true;
  if (trigger_source_ == TriggerSource::immediate) start_trigger(at);
}

void MultimeterModel::start_trigger(std::int64_t at) {
  armed_ = false;
  --triggers_left_;
  readings_left_ = sample_count_;
  attempts_ = 0;
  sample_begin_ = at + nanoseconds(trigger_delay_);
  begin_reading(sample_begin_);
}

void MultimeterModel::begin_reading(std::int64_t at) {
  MeterFunction& function = present();
  if (attempts_ == 0 && function.follow(input_.quantity(function.kind, at))) input_.connect(function, at);
  const bool counts = function.kind == Kind::frequency || function.kind == Kind::period;
  reading_end_ = at + (counts ? counting_time(function, at) : reading_time(function));
}

double MultimeterModel::read_value(MeterFunction& function) {
  if (function.kind == Kind::frequency || function.kind == Kind::period) {
    const double range = function.counted_range.value_or(MeterFunction::automatic_counted_range);
    const std::int64_t gate = nanoseconds(function.gate);
    double hertz = input_.counted(reading_end_ - gate, reading_end_, range);
    if (hertz == 0) hertz = input_.counted(reading_end_ - std::max(gate, k_gate_timeout), reading_end_, range);
    const double value = function.kind == Kind::frequency || hertz == 0 ? hertz : 1 / hertz;
    return function.error_at(hertz).applied_to(value);
  }
  const bool filters = function.kind == Kind::voltage_ac || function.kind == Kind::current_ac;
  const std::int64_t aperture = filters ? reading_time(function) : nanoseconds(function.integration(line_frequency_));
  const std::int64_t from = std::max(reading_end_ - aperture, reading_end_ - reading_time(function));
  const double raw = input_.quantity(function.kind, from, reading_end_);
  const double deviation =
      noise_deviation(function, function.integration(line_frequency_), line_frequency_, noise_at_ten_cycles_);
  const double noise = deviation * function.noise.gaussian(function.readings.next(surroundings_.occasion));
  const bool rectifies = function.kind == Kind::voltage_ac;
  const double hertz = rectifies ? input_.counted(from, reading_end_, function.present().nominal) : 0;
  const double value = function.error_at(hertz).applied_to(raw) + noise;
  // Rectified signals and what is counted cannot be negative.
  const bool positive = function.kind == Kind::voltage_ac || function.kind == Kind::current_ac ||
                        function.kind == Kind::resistance || function.kind == Kind::capacitance;
  return positive ? std::max(0.0, value) : value;
}

void MultimeterModel::finish_readings(std::int64_t now) {
  while (readings_left_ > 0 && now >= reading_end_) {
    MeterFunction& function = present();
    double value = read_value(function);
    if (attempts_ < function.data->quantity.ranges.size() && function.follow(value)) {
      ++attempts_;
      input_.connect(function, reading_end_);
      begin_reading(reading_end_);
      continue;
    }
    overloads_ = 0;
    if (std::abs(value) > function.present().maximum) {
      value = std::copysign(std::numeric_limits<double>::infinity(), value);
      // Questionable data register: 0 voltage, 1 current, 9 resistance overload (34410A programmer's reference,
      // p.1517).
      if (function.data->quantity.unit == Unit("V")) overloads_ = 1U << 0U;
      if (function.data->quantity.unit == Unit("A")) overloads_ = 1U << 1U;
      if (function.kind == Kind::resistance) overloads_ = 1U << 9U;
    }
    if (function.takes_null && std::isfinite(value)) {
      function.null_value = value;
      function.takes_null = false;
    }
    if (function.null_enabled) value -= function.null_value;
    if (counting_ && std::isfinite(value)) statistics_.add(value);
    memory_.push_back(value);
    attempts_ = 0;
    if (--readings_left_ > 0) {
      sample_begin_ = next_sample();
      begin_reading(sample_begin_);
    } else if (triggers_left_ > 0) {
      armed_ = true;
      if (trigger_source_ == TriggerSource::immediate) start_trigger(reading_end_);
    }
  }
}

void MultimeterModel::fetch(Exchange& exchange) {
  finish_readings(exchange.now());
  if (readings_left_ > 0) {
    exchange.take(std::max<std::int64_t>(0, reading_end_ - exchange.now()), [this](Exchange& later) { fetch(later); });
    return;
  }
  if (armed_) {  // for a trigger from outside
    exchange.wait_for([this](Exchange& later) {
      if (armed_) return false;
      fetch(later);
      return true;
    });
    return;
  }
  if (memory_.empty()) {
    exchange.error(scpi::k_data_stale);
    return;
  }
  for (const double value : memory_) exchange.answer(value);
}

void MultimeterModel::trigger(Exchange& exchange) {
  finish_readings(exchange.now());
  if (!armed_ || trigger_source_ != TriggerSource::bus) {
    exchange.error(scpi::k_trigger_ignored);
    return;
  }
  start_trigger(exchange.now());
}

void MultimeterModel::abort(std::int64_t) {
  armed_ = false;
  triggers_left_ = 0;
  readings_left_ = 0;
}

std::int64_t MultimeterModel::complete_at() const {
  if (readings_left_ == 0) return 0;
  const auto more = static_cast<std::int64_t>(readings_left_ - 1 + (armed_ ? 0 : triggers_left_ * sample_count_));
  const std::int64_t each = reading_time(functions_[selected_]);
  return reading_end_ + more * (paced_ ? std::max(each, nanoseconds(sample_interval_)) : each);
}

void MultimeterModel::update(std::int64_t at, StatusModel& status) {
  finish_readings(at);
  unsigned operation = 0;
  if (readings_left_ > 0) operation |= 1U << 4U;  // measuring
  if (armed_) operation |= 1U << 5U;              // waiting for trigger
  status.operation.update(static_cast<std::uint16_t>(operation));
  status.questionable.update(static_cast<std::uint16_t>(overloads_));
}

}  // namespace wheatstone::simulation
