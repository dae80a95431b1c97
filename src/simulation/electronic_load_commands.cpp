// The commands of an electronic load, by the ids of its profile: "current", "current.range", "input".

#include <algorithm>

#include "simulation/electronic_load_model.hpp"

namespace wheatstone::simulation {

void ElectronicLoadModel::bind(CommandActions& actions) {
  for (std::size_t q = 0; q < k_quantities.size(); ++q) bind_levels(actions, q);
  bind_input(actions);
  bind_transient(actions);
  bind_measurements(actions);
  bind_wiring(actions);
  for (const char* id : {"inhibit", "battery", "battery.voltage_state", "battery.capacity_state", "battery.timer_state",
                         "battery.voltage", "battery.capacity", "battery.timer"}) {
    actions.refuse(id);
  }
}

void ElectronicLoadModel::bind_levels(CommandActions& actions, std::size_t quantity) {
  const std::string name = k_quantities[quantity];
  bind_level(actions, quantity, name, &Regulation::level);
  bind_level(actions, quantity, name + ".transient", &Regulation::transient);
  bind_level(actions, quantity, name + ".triggered", &Regulation::triggered);
  // The smallest range that holds the value; levels that no longer fit are clipped.
  actions.on_set(name + ".range", [this, quantity](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      Input& addressed = input(channel);
      Regulation& regulation = addressed.regulations[quantity];
      const double wanted = exchange.number(0, channel).value_or(0);
      const auto& ranges = regulation.data->ranges;
      regulation.range = 0;
      while (regulation.range + 1 < ranges.size() && wanted > ranges[regulation.range].maximum) ++regulation.range;
      regulation.clip_to_range();
      apply(addressed, exchange);
    }
  });
  actions.on_query(name + ".range", [this, quantity](Exchange& exchange) {
    for (const int channel : exchange.channels())
      exchange.answer(input(channel).regulations[quantity].present().nominal);
  });
}

void ElectronicLoadModel::bind_level(CommandActions& actions, std::size_t quantity, const std::string& id,
                                     Member member) {
  const auto word = [](const profile::Range& range, std::string_view keyword) {
    return keyword == "MAX" ? range.maximum : range.minimum;
  };
  actions.on_set(id, [this, quantity, member, word](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      Input& addressed = input(channel);
      Regulation& regulation = addressed.regulations[quantity];
      const profile::Range& range = regulation.present();
      const std::string_view keyword = exchange.keyword(0);
      const double wanted = keyword.empty() ? exchange.number(0, channel).value_or(0) : word(range, keyword);
      if (wanted < range.minimum || wanted > range.maximum) {
        exchange.error(scpi::k_data_out_of_range);
        return;
      }
      regulation.*member = wanted;
      apply(addressed, exchange);
    }
  });
  actions.on_query(id, [this, quantity, member, word](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      const Regulation& regulation = input(channel).regulations[quantity];
      exchange.answer(exchange.has(0) ? word(regulation.present(), exchange.keyword(0)) : regulation.*member);
    }
  });
}

void ElectronicLoadModel::bind_input(CommandActions& actions) {
  const auto bind_switch = [&](std::string_view id, bool Input::* member) {
    actions.on_set(id, [this, member](Exchange& exchange) {
      for (const int channel : exchange.channels()) {
        input(channel).*member = exchange.number(0).value_or(0) != 0;
        apply(input(channel), exchange);
      }
    });
    actions.on_query(id, [this, member](Exchange& exchange) {
      for (const int channel : exchange.channels()) {
        const bool tripped = surroundings_.circuit->load(input(channel).place, exchange.now()).tripped != 0;
        const bool is_on = input(channel).*member;
        exchange.answer(is_on && !(member == &Input::on && tripped) ? 1 : 0);
      }
    });
  };
  bind_switch("input", &Input::on);
  bind_switch("short", &Input::shorted);
  actions.on_set("clear_protection", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) apply(input(channel), exchange.settings(), exchange.now(), true);
  });
  // The profile's words in the order CURRent, VOLTage, POWer, RESistance.
  constexpr std::array<std::pair<std::string_view, LoadMode>, 4> k_modes = {{{"CURR", LoadMode::current},
                                                                             {"VOLT", LoadMode::voltage},
                                                                             {"POW", LoadMode::power},
                                                                             {"RES", LoadMode::resistance}}};
  actions.on_set("function", [this, k_modes](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      for (const auto& [word, mode] : k_modes) {
        if (word == exchange.keyword(0)) input(channel).mode = mode;
      }
      input(channel).transient = {};
      input(channel).toggled = false;
      apply(input(channel), exchange);
    }
  });
  actions.on_query("function", [this, k_modes](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      for (const auto& [word, mode] : k_modes) {
        if (mode == input(channel).mode) exchange.answer() += word;
      }
    }
  });
}

/// Protections and slews are plain settings; protections reach the circuit at once, slews with the next level. The
/// sense line stands at the same node as the input.
void ElectronicLoadModel::bind_wiring(CommandActions& actions) {
  for (const char* id : {"protection_current", "protection_current_state", "protection_current_delay",
                         "protection_voltage", "protection_power", "protection_power_state"}) {
    actions.on_stored(id, [this](Exchange& exchange) {
      for (const int channel : exchange.channels()) apply(input(channel), exchange);
    });
  }
  for (const std::string quantity : k_quantities) {
    const auto leaves_maximum = [id = quantity + ".slew_maximum"](Exchange& exchange) {
      for (const int channel : exchange.channels()) exchange.settings().set(exchange.table().at(id), channel, 0);
    };
    actions.on_stored(quantity + ".slew", leaves_maximum);
    actions.on_stored(quantity + ".slew_negative", leaves_maximum);
    actions.reads({quantity + ".slew_coupled", quantity + ".slew_maximum", quantity + ".mode"});
    actions.lacks(quantity + ".mode", "LIST");
  }
  actions.allow_only("remote_sense", "INT");
  actions.keeps({"display", "display_text", "clear_display_text", "beeper", "local", "remote", "remote_lock"});
}

void ElectronicLoadModel::bind_transient(CommandActions& actions) {
  actions.reads({"transient_mode", "transient_frequency", "transient_duty_cycle", "transient_pulse_width",
                 "transient_count", "continuous_transient", "trigger_source.transient"});
  actions.lacks("transient_mode", "LIST");
  actions.on_set("initiate_transient", [this](Exchange& exchange) {
    const profile::Command* source = exchange.table().find("trigger_source.transient");
    for (const int channel : exchange.channels()) {
      input(channel).armed = true;
      if (source != nullptr && exchange.settings().text(*source, channel) == "IMM") fire(exchange, input(channel));
    }
  });
  actions.on_set("trigger_transient", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) fire(exchange, input(channel));
  });
  actions.on_set("abort_transient", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      Input& addressed = input(channel);
      addressed.armed = addressed.toggled = false;
      addressed.transient = {};
      apply(addressed, exchange);
    }
  });
}

/// As a supply's: at the pace `fast` what is read back has come to rest.
std::int64_t ElectronicLoadModel::reading_time(const Exchange& exchange) {
  std::int64_t taken = measuring_time_;
  if (surroundings_.time->pace() != Pace::fast) return taken;
  for (const int channel : exchange.channels()) {
    const std::size_t node = input(channel).place.node;
    taken = std::max(taken, surroundings_.circuit->sources_settled(node, exchange.now()) - exchange.now());
  }
  return taken;
}

std::int64_t ElectronicLoadModel::sweep_nanoseconds(const Exchange& exchange, int channel) const {
  const double points = setting(exchange.settings(), "sweep_points", channel, 1);
  return static_cast<std::int64_t>(1e9 * points * setting(exchange.settings(), "sweep_interval", channel, 5.12e-6));
}

void ElectronicLoadModel::acquire(Exchange& exchange, Input& input) {
  input.acquires = false;
  input.acquired = exchange.now();
}

/// An array begins with its trigger: at once with INITiate where the source is IMMediate, else with the trigger that
/// comes after it.
void ElectronicLoadModel::bind_acquisition(CommandActions& actions) {
  actions.reads({"sweep_points", "sweep_interval", "trigger_source.acquire"});
  actions.on_set("initiate_acquire", [this](Exchange& exchange) {
    const profile::Command* source = exchange.table().find("trigger_source.acquire");
    for (const int channel : exchange.channels()) {
      input(channel).acquires = true;
      if (source != nullptr && exchange.settings().text(*source, channel) == "IMM") acquire(exchange, input(channel));
    }
  });
  actions.on_set("trigger_acquire", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      if (!input(channel).acquires) {
        exchange.error(scpi::k_trigger_ignored);
        return;
      }
      acquire(exchange, input(channel));
    }
  });
  actions.on_set("abort_acquire", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) input(channel).acquires = false;
  });
}

void ElectronicLoadModel::answer_array(Exchange& exchange, std::size_t quantity) {
  for (const int channel : exchange.channels()) {
    Input& addressed = input(channel);
    if (addressed.acquired == 0) {
      exchange.error(scpi::k_data_stale);
      return;
    }
    const auto points = static_cast<std::int64_t>(setting(exchange.settings(), "sweep_points", channel, 1));
    const std::int64_t length = sweep_nanoseconds(exchange, channel);
    const NodeTrace trace =
        surroundings_.circuit->trace(addressed.place.node, addressed.acquired, addressed.acquired + length);
    for (std::int64_t i = 0; i < points; ++i) {
      const std::int64_t at = addressed.acquired + length * i / points;
      const Measured measured = measure(addressed, trace.voltage(at), trace.load_current(addressed.place.index, at));
      exchange.answer(quantity == 0   ? measured.current
                      : quantity == 1 ? measured.voltage
                                      : measured.voltage * measured.current);
    }
  }
}

void ElectronicLoadModel::bind_measurements(CommandActions& actions) {
  constexpr std::array<const char*, 3> k_measured = {"current", "voltage", "power"};
  for (std::size_t q = 0; q < k_measured.size(); ++q) {
    const std::string name = k_measured[q];
    const auto answer = [this, q](Exchange& exchange, const scpi::ChannelList& channels) {
      for (const int channel : channels) {
        Input& addressed = input(channel);
        const Circuit::LoadView view = surroundings_.circuit->load(addressed.place, exchange.now());
        const Measured measured = measure(addressed, view.voltage, view.current);
        exchange.answer(q == 0 ? measured.current : q == 1 ? measured.voltage : measured.voltage * measured.current);
      }
    };
    actions.on_query("measure_" + name, [this, answer](Exchange& exchange) {
      exchange.take(reading_time(exchange),
                    [answer, channels = exchange.channels()](Exchange& done) { answer(done, channels); });
    });
    actions.on_query("fetch." + name, [answer](Exchange& exchange) { answer(exchange, exchange.channels()); });
    actions.on_query("measure_array." + name, [this, q](Exchange& exchange) {
      for (const int channel : exchange.channels()) acquire(exchange, input(channel));
      exchange.take(sweep_nanoseconds(exchange, exchange.channel()),
                    [this, q](Exchange& done) { answer_array(done, q); });
    });
    actions.on_query("fetch_array." + name, [this, q](Exchange& exchange) { answer_array(exchange, q); });
  }
  bind_acquisition(actions);
}

}  // namespace wheatstone::simulation
