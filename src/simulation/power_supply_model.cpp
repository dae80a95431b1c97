#include "simulation/power_supply_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <wheatstone/error.hpp>

#include "simulation/model_figures.hpp"

namespace wheatstone::simulation {
namespace {

constexpr double k_lifetimes_to_one_percent = 4.605;

SystematicError draw(const Surroundings& at, const std::string& quantity, const profile::Range& range,
                     const profile::Accuracy& accuracy) {
  return draw_systematic_error(at.seed, at.alias, quantity, accuracy.of_reading,
                               accuracy.offset + accuracy.of_range * range.nominal);
}

/// A plain setting of the command with that id; `otherwise` where the profile has no such command.
double setting_or(const PlainSettings& settings, const profile::CommandTable& table, std::string_view id, int channel,
                  double otherwise) {
  const profile::Command* command = table.find(id);
  return command == nullptr ? otherwise : settings.number(*command, channel);
}

}  // namespace

PowerSupplyModel::PowerSupplyModel(Surroundings surroundings)
    : surroundings_(std::move(surroundings)),
      measuring_time_(static_cast<std::int64_t>(1e9 * figure_or(*surroundings_.profile, "measurement_time", 0.02))) {
  const std::int64_t now = surroundings_.time->now();
  for (std::size_t i = 0; i < surroundings_.profile->channels.size(); ++i) {
    outputs_.push_back(make_output(surroundings_.profile->channels[i], surroundings_.nodes[i], now));
  }
}

SourceDynamics PowerSupplyModel::make_dynamics(const profile::Channel& channel) const {
  const profile::Profile& profile = *surroundings_.profile;
  SourceDynamics dynamics;
  const double up = figure_or(profile, "settling_time_up", k_lifetimes_to_one_percent * dynamics.rise_seconds);
  dynamics.rise_seconds = up / k_lifetimes_to_one_percent;
  const double full_scale = channel.quantity("voltage").ranges.back().nominal;
  if (const auto down = profile.find_figure("settling_time_down_unloaded")) {
    dynamics.bleed_current = dynamics.capacitance * full_scale / *down;
  }
  dynamics.ripple = figure_or(profile, "ripple_rms", dynamics.ripple);
  return dynamics;
}

PowerSupplyModel::Output PowerSupplyModel::make_output(const profile::Channel& channel, std::size_t node,
                                                       std::int64_t at) const {
  const std::string name = "output " + std::to_string(channel.number);
  const profile::Quantity& voltage = channel.quantity("voltage");
  const profile::Quantity& current = channel.quantity("current");
  const profile::Range& volts = voltage.ranges.back();
  const profile::Range& amperes = current.ranges.back();
  return Output{
      .number = channel.number,
      .place = surroundings_.circuit->add_source(node, make_dynamics(channel), at),
      .voltage_data = &voltage,
      .current_data = &current,
      .voltage_programming = draw(surroundings_, name + " voltage programming", volts, volts.programming),
      .current_programming = draw(surroundings_, name + " current programming", amperes, amperes.programming),
      .voltage_readback = draw(surroundings_, name + " voltage readback", volts, volts.readback),
      .current_readback = draw(surroundings_, name + " current readback", amperes, amperes.readback),
      .noise = NoiseStream(surroundings_.seed, surroundings_.alias, name),
      .status = {},
  };
}

PowerSupplyModel::Output& PowerSupplyModel::output(int channel) {
  const auto found =
      std::find_if(outputs_.begin(), outputs_.end(), [&](const Output& o) { return o.number == channel; });
  if (found == outputs_.end())
    throw ConfigurationError("a command of the profile names a channel that it does not list");
  return *found;
}

void PowerSupplyModel::reset(std::int64_t at, PlainSettings& settings) {
  tracks_ = false;
  for (Output& output : outputs_) {
    output.voltage = output.voltage_data->reset.value_or(0);
    output.current = output.current_data->reset.value_or(output.current_data->ranges.back().nominal);
    output.on = false;
    const profile::Quantity* protection = surroundings_.profile->channel(output.number).find("protection_voltage");
    output.protection_voltage = protection != nullptr ? protection->reset.value_or(protection->maximum)
                                                      : std::numeric_limits<double>::infinity();
    output.protects_voltage = false;
    output.protects_current = false;
    output.armed = false;
    apply(output, settings, at, true);
  }
}

std::vector<int> PowerSupplyModel::concerned(const Exchange& exchange) const {
  std::vector<int> channels(exchange.channels().begin(), exchange.channels().end());
  const auto names = [&](int channel) {
    return std::find(channels.begin(), channels.end(), channel) != channels.end();
  };
  if (tracks_ && names(2) && !names(3)) channels.push_back(3);
  if (tracks_ && names(3) && !names(2)) channels.push_back(2);
  return channels;
}

void PowerSupplyModel::apply(Output& output, const Exchange& exchange, bool clear_protection) {
  apply(output, exchange.settings(), exchange.now(), clear_protection);
}

void PowerSupplyModel::apply(Output& output, const PlainSettings& settings, std::int64_t at, bool clear_protection) {
  const profile::CommandTable& table = *surroundings_.profile->commands;
  const profile::Range& volts = output.voltage_data->ranges.back();
  const profile::Range& amperes = output.current_data->ranges.back();
  SourceSettings source;
  source.on = output.on;
  source.voltage =
      std::max(0.0, output.voltage_programming.applied_to(stepped(output.voltage, volts.programming_resolution)));
  source.current_limit =
      std::max(1e-6, output.current_programming.applied_to(stepped(output.current, amperes.programming_resolution)));
  source.on_delay = figure_or(*surroundings_.profile, "output_on_delay", 0) +
                    setting_or(settings, table, "output_rise_delay", output.number, 0);
  source.off_delay = setting_or(settings, table, "output_fall_delay", output.number, 0);
  if (output.protects_voltage) source.trip_voltage = output.protection_voltage;
  source.voltage_trip_delay = figure_or(*surroundings_.profile, "protection_time", 0);
  source.trips_at_limit = output.protects_current;
  source.current_trip_delay = setting_or(settings, table, "protection_current_delay", output.number, 0);
  if (!clear_protection) source.tripped = surroundings_.circuit->source(output.place, at).tripped;
  surroundings_.circuit->set_source(output.place, source, at);
}

void PowerSupplyModel::change(Exchange& exchange, const Change& change) {
  for (const int channel : concerned(exchange)) {
    Output& changed = output(channel);
    change(changed);
    apply(changed, exchange, false);
  }
}

double PowerSupplyModel::read_back(Output& output, std::int64_t at, bool current) {
  const Circuit::SourceView view = surroundings_.circuit->source(output.place, at);
  const profile::Range& range = (current ? output.current_data : output.voltage_data)->ranges.back();
  const double step = range.readback_resolution > 0 ? range.readback_resolution : 1e-5 * range.nominal;
  const double noise = figure_or(*surroundings_.profile, "readback_noise", step) *
                       output.noise.gaussian(output.readings.next(surroundings_.occasion));
  const SystematicError& error = current ? output.current_readback : output.voltage_readback;
  return stepped(error.applied_to(current ? view.current : view.voltage) + noise, step);
}

/// Real instruments take their time to parse a set-point and to measure, and so find their output settled; `fast` skips
/// that time, and with it what the output needs to get there.
void PowerSupplyModel::measure(Exchange& exchange, bool current) {
  std::int64_t taken = measuring_time_;
  if (surroundings_.time->pace() == Pace::fast) {
    for (const int channel : exchange.channels()) {
      const std::size_t node = output(channel).place.node;
      taken = std::max(taken, surroundings_.circuit->sources_settled(node, exchange.now()) - exchange.now());
    }
  }
  exchange.take(taken, [this, current, channels = exchange.channels()](Exchange& done) {
    for (const int channel : channels) done.answer(read_back(output(channel), done.now(), current));
  });
}

bool PowerSupplyModel::is_tripped(const Output& output, std::int64_t at, unsigned bits) const {
  return (surroundings_.circuit->source(output.place, at).tripped & bits) != 0;
}

/// Both quality bits of an output say that it is unregulated; a tripped or switched-off one has neither (EDU36311A
/// profile, questionable instrument summary: 0 constant current, 1 constant voltage, 9 over-voltage, 10 over-current).
void PowerSupplyModel::update(std::int64_t at, StatusModel& status) {
  unsigned summary = 0;
  for (Output& output : outputs_) {
    const auto view = surroundings_.circuit->source(output.place, at);
    unsigned condition = 0;
    if (view.limiting) condition |= 1U << 0U;
    if (view.regulating) condition |= 1U << 1U;
    if ((view.tripped & k_over_voltage) != 0) condition |= 1U << 9U;
    if ((view.tripped & k_over_current) != 0) condition |= 1U << 10U;
    output.status.update(static_cast<std::uint16_t>(condition));
    if (output.status.summary()) summary |= 1U << static_cast<unsigned>(output.number);
  }
  instrument_summary_.update(static_cast<std::uint16_t>(summary));
  // SCPI-99 volume 1, section 9.4: bit 13 sums up the instruments' own registers.
  status.questionable.update(instrument_summary_.summary() ? 1U << 13U : 0U);
}

}  // namespace wheatstone::simulation
