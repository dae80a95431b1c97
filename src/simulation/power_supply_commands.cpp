// The commands of a power supply, by the ids of its profile.

#include "simulation/power_supply_model.hpp"

namespace wheatstone::simulation {

void PowerSupplyModel::bind(CommandActions& actions) {
  bind_set_points(actions);
  bind_output(actions);
  bind_wiring(actions);
  bind_protection(actions);
  bind_triggers(actions);
  bind_status(actions);
  actions.on_query("measure_voltage", [this](Exchange& exchange) { measure(exchange, false); });
  actions.on_query("measure_current", [this](Exchange& exchange) { measure(exchange, true); });
}

void PowerSupplyModel::bind_set_points(CommandActions& actions) {
  const auto bind = [&](std::string_view id, double Output::* member) {
    actions.on_set(id, [this, member](Exchange& exchange) {
      for (const int channel : concerned(exchange)) {
        Output& changed = output(channel);
        changed.*member = exchange.number(0, channel).value_or(0);
        apply(changed, exchange, false);
      }
    });
    actions.on_query(id, [this, member](Exchange& exchange) {
      for (const int channel : exchange.channels()) exchange.answer(output(channel).*member);
    });
  };
  bind("voltage", &Output::voltage);
  bind("current", &Output::current);
  bind("protection_voltage", &Output::protection_voltage);
  actions.on_set("apply", [this](Exchange& exchange) {
    for (const int channel : concerned(exchange)) {
      Output& changed = output(channel);
      changed.voltage = exchange.number(1, channel).value_or(changed.voltage);
      changed.current = exchange.number(2, channel).value_or(changed.current);
      apply(changed, exchange, false);
    }
  });
  actions.on_query("apply", [this](Exchange& exchange) {
    const Output& asked = output(exchange.channel());
    std::string& out = exchange.answer();
    out += '"';
    append_response(out, exchange.table().at("voltage"), asked.voltage);
    out += ',';
    append_response(out, exchange.table().at("current"), asked.current);
    out += '"';
  });
}

void PowerSupplyModel::bind_output(CommandActions& actions) {
  actions.on_set("output", [this](Exchange& exchange) {
    const bool on = exchange.number(0).value_or(0) != 0;
    change(exchange, [on](Output& output) { output.on = on; });
  });
  actions.on_query("output", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) {
      const Output& asked = output(channel);
      exchange.answer(asked.on && !is_tripped(asked, exchange.now(), 0xff) ? 1 : 0);
    }
  });
}

/// Delays reach the circuit with the next switching; tracking makes outputs 2 and 3 follow each other. Outputs in
/// series or in parallel, and a sense line of their own, would need wires that this bench has not.
void PowerSupplyModel::bind_wiring(CommandActions& actions) {
  for (const char* id : {"output_rise_delay", "output_fall_delay", "protection_current_delay"}) {
    actions.on_stored(id, [this](Exchange& exchange) {
      for (const int channel : exchange.channels()) apply(output(channel), exchange, false);
    });
  }
  actions.on_stored("output_track", [this](Exchange& exchange) {
    tracks_ = exchange.number(0).value_or(0) != 0;
    if (!tracks_) return;
    Output& follower = output(3);
    follower.voltage = output(2).voltage;
    follower.current = output(2).current;
    follower.on = output(2).on;
    apply(follower, exchange, false);
  });
  actions.allow_only("output_pair", "OFF");
  actions.allow_only("remote_sense", "INT");
  actions.keeps({"display", "display_text", "clear_display_text", "beep", "local", "remote", "remote_lock"});
}

void PowerSupplyModel::bind_protection(CommandActions& actions) {
  const auto bind_switch = [&](std::string_view id, bool Output::* member) {
    actions.on_set(id, [this, member](Exchange& exchange) {
      const bool on = exchange.number(0).value_or(0) != 0;
      change(exchange, [member, on](Output& output) { output.*member = on; });
    });
    actions.on_query(id, [this, member](Exchange& exchange) {
      for (const int channel : exchange.channels()) exchange.answer(output(channel).*member ? 1 : 0);
    });
  };
  bind_switch("protection_voltage_state", &Output::protects_voltage);
  bind_switch("protection_current_state", &Output::protects_current);
  const auto bind_trip = [&](std::string_view id, Trip bit) {
    actions.on_query(id, [this, bit](Exchange& exchange) {
      for (const int channel : exchange.channels()) {
        exchange.answer(is_tripped(output(channel), exchange.now(), bit) ? 1 : 0);
      }
    });
  };
  bind_trip("protection_voltage_tripped", k_over_voltage);
  bind_trip("protection_current_tripped", k_over_current);
  for (const char* id : {"clear_protection", "clear_protection_voltage", "clear_protection_current"}) {
    actions.on_set(id, [this](Exchange& exchange) {
      for (const int channel : exchange.channels()) apply(output(channel), exchange, true);
    });
  }
}

void PowerSupplyModel::bind_triggers(CommandActions& actions) {
  actions.reads({"triggered_voltage", "triggered_current", "trigger_source"});
  actions.reads({"voltage_mode", "current_mode"});
  for (const char* id : {"voltage_mode", "current_mode"}) actions.lacks(id, "LIST");
  actions.allow_only("trigger_delay", 0.0);
  actions.on_set("initiate", [this](Exchange& exchange) {
    const profile::Command& source = exchange.table().at("trigger_source");
    for (const int channel : exchange.channels()) {
      output(channel).armed = true;
      if (exchange.settings().text(source, channel).starts_with("IMM")) fire(exchange, output(channel));
    }
  });
  actions.on_set("trigger", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) fire(exchange, output(channel));
  });
  actions.on_set("abort", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) output(channel).armed = false;
  });
}

void PowerSupplyModel::trigger(Exchange& exchange) {
  for (Output& output : outputs_) {
    if (output.armed) fire(exchange, output);
  }
}

/// A trigger moves what is in step mode to its triggered level; without INITiate it is ignored (SCPI -211).
void PowerSupplyModel::fire(Exchange& exchange, Output& output) {
  if (!output.armed) {
    exchange.error(scpi::k_trigger_ignored);
    return;
  }
  output.armed = false;
  const PlainSettings& settings = exchange.settings();
  const profile::CommandTable& table = exchange.table();
  const auto steps = [&](std::string_view mode) { return settings.text(table.at(mode), output.number) == "STEP"; };
  if (steps("voltage_mode")) output.voltage = settings.number(table.at("triggered_voltage"), output.number);
  if (steps("current_mode")) output.current = settings.number(table.at("triggered_current"), output.number);
  apply(output, exchange, false);
}

void PowerSupplyModel::bind_status(CommandActions& actions) {
  actions.on_query("channel_condition", [this](Exchange& exchange) {
    update(exchange.now(), exchange.status());
    exchange.answer(output(exchange.channel()).status.condition());
  });
  actions.on_query("channel_event", [this](Exchange& exchange) {
    update(exchange.now(), exchange.status());
    exchange.answer(output(exchange.channel()).status.take_event());
  });
  actions.on_set("channel_enable", [this](Exchange& exchange) {
    output(exchange.channel()).status.enable = static_cast<std::uint16_t>(exchange.number(0).value_or(0));
  });
  actions.on_query("channel_enable",
                   [this](Exchange& exchange) { exchange.answer(output(exchange.channel()).status.enable); });
  actions.on_query("questionable_instrument_event", [this](Exchange& exchange) {
    update(exchange.now(), exchange.status());
    exchange.answer(instrument_summary_.take_event());
  });
  actions.on_set("questionable_instrument_enable", [this](Exchange& exchange) {
    instrument_summary_.enable = static_cast<std::uint16_t>(exchange.number(0).value_or(0));
  });
  actions.on_query("questionable_instrument_enable",
                   [this](Exchange& exchange) { exchange.answer(instrument_summary_.enable); });
}

}  // namespace wheatstone::simulation
