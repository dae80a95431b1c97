#include <fmt/format.h>

#include <wheatstone/oscilloscope.hpp>

#include "base/text.hpp"

namespace wheatstone {
inline namespace v1 {

ScopeChannel ScopeChannel::setup(const ScopeChannelSettings& settings) const {
  scope_->setup_channel(channel_, settings);
  return *this;
}
ScopeChannel ScopeChannel::set_scale(double volts_per_division) const {
  scope_->set_channel_scale(channel_, volts_per_division);
  return *this;
}
ScopeChannel ScopeChannel::set_offset(double volts) const {
  scope_->set_channel_offset(channel_, volts);
  return *this;
}
ScopeChannel ScopeChannel::enable() const {
  scope_->display_channel(channel_, true);
  return *this;
}
ScopeChannel ScopeChannel::disable() const {
  scope_->display_channel(channel_, false);
  return *this;
}
Reading ScopeChannel::measure_peak_to_peak() const { return scope_->measure_voltage_peak_to_peak(channel_); }
Reading ScopeChannel::measure_rms() const { return scope_->measure_rms_voltage(channel_); }
Reading ScopeChannel::measure_mean() const { return scope_->measure_mean(channel_); }
Reading ScopeChannel::measure_amplitude() const { return scope_->measure_amplitude(channel_); }
Reading ScopeChannel::measure_frequency() const { return scope_->measure_frequency(channel_); }

ScopeChannels ScopeChannels::setup(const ScopeChannelSettings& settings) const {
  for (const int number : numbers_) scope_->setup_channel(number, settings);
  return *this;
}
ScopeChannels ScopeChannels::enable() const {
  for (const int number : numbers_) scope_->display_channel(number, true);
  return *this;
}
ScopeChannels ScopeChannels::disable() const {
  for (const int number : numbers_) scope_->display_channel(number, false);
  return *this;
}
ScopeRecord ScopeChannels::read(const ReadChannelsOptions& options) const {
  return scope_->read_channels(numbers_, options);
}

ScopeTrigger ScopeTrigger::setup_edge(const TriggerSource& source, double level, TriggerSlope slope,
                                      std::optional<TriggerCoupling> coupling) const {
  scope_->setup_edge(source, level, slope, coupling);
  return *this;
}
ScopeTrigger ScopeTrigger::set_source(const TriggerSource& source) const {
  scope_->set_trigger_source(source);
  return *this;
}
ScopeTrigger ScopeTrigger::set_level(double volts) const {
  scope_->set_trigger_level(volts);
  return *this;
}
ScopeTrigger ScopeTrigger::set_slope(TriggerSlope slope) const {
  scope_->set_trigger_slope(slope);
  return *this;
}
ScopeTrigger ScopeTrigger::set_sweep(TriggerSweep sweep) const {
  scope_->set_trigger_sweep(sweep);
  return *this;
}
ScopeTrigger ScopeTrigger::single() const {
  scope_->single();
  return *this;
}
ScopeTrigger ScopeTrigger::run() const {
  scope_->run();
  return *this;
}
ScopeTrigger ScopeTrigger::stop() const {
  scope_->stop();
  return *this;
}
ScopeTrigger ScopeTrigger::force() const {
  scope_->force_trigger();
  return *this;
}
bool ScopeTrigger::wait(Duration timeout) const { return scope_->wait_for_trigger(timeout); }
void ScopeTrigger::wait() const {
  const Duration within = scope_->timeout();
  if (scope_->wait_for_trigger(within)) return;
  throw TimeoutError(fmt::format("{}: no trigger came within {} s; check its source and level, or force it",
                                 scope_->alias(), base::shortest(within.seconds())),
                     {.alias = scope_->alias(), .model = scope_->profile_name(), .address = scope_->address()});
}

ScopeAcquisition ScopeAcquisition::set_type(AcquisitionType type) const {
  scope_->set_acquisition_type(type);
  return *this;
}
AcquisitionType ScopeAcquisition::type() const { return scope_->acquisition_type(); }
ScopeAcquisition ScopeAcquisition::set_average_count(int count) const {
  scope_->set_average_count(count);
  return *this;
}
int ScopeAcquisition::average_count() const { return scope_->average_count(); }
int ScopeAcquisition::points() const { return scope_->acquisition_points(); }
double ScopeAcquisition::sample_rate() const { return scope_->sample_rate(); }

}  // namespace v1
}  // namespace wheatstone
