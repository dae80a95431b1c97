#include "simulation/electronic_load_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <wheatstone/error.hpp>

#include "simulation/model_figures.hpp"

namespace wheatstone::simulation {

double ElectronicLoadModel::Regulation::true_level(double wanted) const {
  const double applied = programming[range].applied_to(stepped(wanted, present().programming_resolution));
  return std::max(applied, 1e-9);
}

void ElectronicLoadModel::Regulation::clip_to_range() {
  for (double* one : {&level, &transient, &triggered}) *one = std::clamp(*one, present().minimum, present().maximum);
}

ElectronicLoadModel::ElectronicLoadModel(Surroundings surroundings)
    : surroundings_(std::move(surroundings)),
      measuring_time_(static_cast<std::int64_t>(1e9 * figure_or(*surroundings_.profile, "measurement_time", 0.02))) {
  const std::int64_t now = surroundings_.time->now();
  for (std::size_t i = 0; i < surroundings_.profile->channels.size(); ++i) {
    inputs_.push_back(make_input(surroundings_.profile->channels[i], surroundings_.nodes[i], now));
  }
}

ElectronicLoadModel::Input ElectronicLoadModel::make_input(const profile::Channel& channel, std::size_t node,
                                                           std::int64_t at) const {
  const std::string name = "input " + std::to_string(channel.number);
  Input input{.number = channel.number,
              .place = surroundings_.circuit->add_load(node, LoadSettings(), at),
              .regulations = {},
              .noise = NoiseStream(surroundings_.seed, surroundings_.alias, name),
              .transient = {}};
  for (std::size_t q = 0; q < k_quantities.size(); ++q) {
    Regulation& regulation = input.regulations[q];
    regulation.data = &channel.quantity(k_quantities[q]);
    for (const profile::Range& range : regulation.data->ranges) {
      const std::string quantity = name + ' ' + k_quantities[q] + ' ' + range.name;
      const auto draw = [&](const char* what, const profile::Accuracy& accuracy) {
        return draw_systematic_error(surroundings_.seed, surroundings_.alias, quantity + what, accuracy.of_reading,
                                     accuracy.offset + accuracy.of_range * range.nominal);
      };
      regulation.programming.push_back(draw(" programming", range.programming));
      regulation.readback.push_back(draw(" readback", range.readback));
    }
  }
  return input;
}

ElectronicLoadModel::Input& ElectronicLoadModel::input(int channel) {
  const auto found =
      std::find_if(inputs_.begin(), inputs_.end(), [&](const Input& one) { return one.number == channel; });
  if (found == inputs_.end())
    throw ConfigurationError("a command of the profile names a channel that it does not list");
  return *found;
}

void ElectronicLoadModel::reset(std::int64_t at, PlainSettings& settings) {
  for (Input& input : inputs_) {
    input.mode = LoadMode::current;
    input.on = input.shorted = input.armed = input.toggled = input.acquires = false;
    input.transient = {};
    for (Regulation& regulation : input.regulations) {
      regulation.range = regulation.data->ranges.size() - 1;
      regulation.level = regulation.data->reset.value_or(regulation.present().minimum);
      regulation.transient = regulation.triggered = regulation.level;
      regulation.clip_to_range();
    }
    for (const char* quantity : k_quantities) {  // as fast as the load can
      for (const char* slew : {".slew", ".slew_negative"}) {
        const profile::Command* command = surroundings_.profile->commands->find(std::string(quantity) + slew);
        if (command != nullptr) settings.set(*command, input.number, std::numeric_limits<double>::infinity());
      }
    }
    apply(input, settings, at, true);
  }
}

double ElectronicLoadModel::setting(const PlainSettings& settings, std::string_view id, int channel,
                                    double otherwise) const {
  const profile::Command* command = surroundings_.profile->commands->find(id);
  if (command == nullptr || settings.answer(*command, channel).empty()) return otherwise;
  return settings.number(*command, channel);
}

/// Units a second; 0 where the slew is as fast as the load can.
double ElectronicLoadModel::slew_of(const Input& input, const PlainSettings& settings, bool rising) const {
  const std::string quantity = k_quantities[static_cast<std::size_t>(input.mode)];
  const bool fastest = setting(settings, quantity + ".slew_maximum", input.number, 1) != 0;
  const bool coupled = setting(settings, quantity + ".slew_coupled", input.number, 1) != 0;
  const double rate = setting(settings, quantity + (rising || coupled ? ".slew" : ".slew_negative"), input.number, 0);
  return !fastest && std::isfinite(rate) && rate < 9e37 ? rate : 0;
}

void ElectronicLoadModel::apply(Input& input, const PlainSettings& settings, std::int64_t at, bool clear_protection) {
  const profile::Profile& profile = *surroundings_.profile;
  const LoadSettings before = surroundings_.circuit->load_settings(input.place, at);
  Regulation& regulation = input.present();
  LoadSettings load;
  load.on = input.on;
  load.shorted = input.shorted;
  load.mode = input.mode;
  load.level = regulation.true_level(input.toggled ? regulation.transient : regulation.level);
  load.minimum_resistance = figure_or(profile, "minimum_resistance", load.minimum_resistance);
  load.minimum_voltage = figure_or(profile, "minimum_operating_voltage", 0);
  load.maximum_current = input.regulations[0].data->maximum;
  load.transient = input.transient;
  if (load.transient.kind != LoadTransient::Kind::none)
    load.transient.level = regulation.true_level(regulation.transient);
  // Switching the input ignores the slew; a new level of the same mode follows it.
  load.ramp_from = before.on && input.on && before.mode == input.mode ? load_level(before, at) : load.level;
  load.ramp_since = at;
  load.slew = slew_of(input, settings, load.level > load.ramp_from);
  const auto level_of = [&](const char* id) {
    return setting(settings, id, input.number, std::numeric_limits<double>::infinity());
  };
  const auto is_on = [&](const char* id) { return setting(settings, id, input.number, 0) != 0; };
  load.trip_voltage = level_of("protection_voltage");
  if (is_on("protection_current_state")) load.trip_current = level_of("protection_current");
  load.current_trip_delay = setting(settings, "protection_current_delay", input.number, 0);
  if (is_on("protection_power_state")) load.trip_power = level_of("protection_power");
  if (!clear_protection) load.tripped = before.tripped;
  surroundings_.circuit->set_load(input.place, load, at);
}

ElectronicLoadModel::Measured ElectronicLoadModel::measure(Input& input, double voltage, double current) {
  const profile::Profile& profile = *surroundings_.profile;
  const Regulation& amperes = input.regulations[0];
  const Regulation& volts = input.regulations[1];
  const std::uint64_t reading = input.readings.next(surroundings_.occasion);
  const double voltage_noise = figure_or(profile, "readback_noise_voltage", 0) * input.noise.gaussian(2 * reading);
  const double current_noise = figure_or(profile, "readback_noise_current", 0) * input.noise.gaussian(2 * reading + 1);
  return {stepped(volts.readback[volts.range].applied_to(voltage) + voltage_noise, volts.present().readback_resolution),
          stepped(amperes.readback[amperes.range].applied_to(current) + current_noise,
                  amperes.present().readback_resolution)};
}

void ElectronicLoadModel::trigger(Exchange& exchange) {
  for (Input& input : inputs_) {
    if (input.armed) fire(exchange, input);
    if (input.acquires) acquire(exchange, input);
  }
}

/// A trigger starts the transient of the mode that is set, or moves a stepping level; without INITiate it is ignored.
void ElectronicLoadModel::fire(Exchange& exchange, Input& input) {
  const PlainSettings& settings = exchange.settings();
  const bool always = setting(settings, "continuous_transient", input.number, 0) != 0;
  if (!input.armed && !always) {
    exchange.error(scpi::k_trigger_ignored);
    return;
  }
  const profile::CommandTable& table = exchange.table();
  const std::string mode = settings.text(table.at("transient_mode"), input.number);
  const std::string stepping = std::string(k_quantities[static_cast<std::size_t>(input.mode)]) + ".mode";
  Regulation& regulation = input.present();
  if (settings.text(table.at(stepping), input.number) == "STEP") {
    regulation.level = regulation.triggered;
  } else if (mode == "TOGG") {
    input.toggled = !input.toggled;
  } else {
    LoadTransient& transient = input.transient;
    transient.kind = mode == "PULS" ? LoadTransient::Kind::pulse : LoadTransient::Kind::continuous;
    transient.since = exchange.now();
    const auto nanoseconds = [](double seconds) { return std::max<std::int64_t>(1, std::llround(seconds * 1e9)); };
    const double period = 1 / setting(settings, "transient_frequency", input.number, 1000);
    const double duty = setting(settings, "transient_duty_cycle", input.number, 50) / 100;
    const double pulse = setting(settings, "transient_pulse_width", input.number, 0.0005);
    const double cycles = setting(settings, "transient_count", input.number, 0);
    transient.cycles = mode == "CONT" && cycles < 1e9 ? static_cast<std::int64_t>(cycles) : 0;
    transient.period = nanoseconds(period);
    transient.width = nanoseconds(mode == "PULS" ? pulse : period * duty);
  }
  input.armed = always || mode == "TOGG";
  apply(input, exchange);
}

/// Operation register: 0 CV, 1 CC, 2 CR, 3 CP, 4 off, 5 shorted. Questionable: 0 over-voltage, 1 over-current, 3
/// over-power, 10 unregulated (EL33133A profile).
void ElectronicLoadModel::update(std::int64_t at, StatusModel& status) {
  unsigned operation = 0;
  unsigned questionable = 0;
  constexpr std::array<unsigned, 4> k_mode_bits = {1U << 1U, 1U << 0U, 1U << 2U, 1U << 3U};
  for (const Input& input : inputs_) {
    const Circuit::LoadView view = surroundings_.circuit->load(input.place, at);
    const bool conducts = input.on && view.tripped == 0;
    if (!conducts) operation |= 1U << 4U;
    if (conducts && input.shorted) operation |= 1U << 5U;
    if (conducts && !input.shorted && !view.unregulated) operation |= k_mode_bits[static_cast<std::size_t>(input.mode)];
    if ((view.tripped & k_over_voltage) != 0) questionable |= 1U << 0U;
    if ((view.tripped & k_over_current) != 0) questionable |= 1U << 1U;
    if ((view.tripped & k_over_power) != 0) questionable |= 1U << 3U;
    if (view.unregulated) questionable |= 1U << 10U;
  }
  status.operation.update(static_cast<std::uint16_t>(operation));
  status.questionable.update(static_cast<std::uint16_t>(questionable));
}

}  // namespace wheatstone::simulation
