// The settings of an oscilloscope, by the ids of its profile: "channel.scale", "timebase.scale", "trigger.level".

#include <algorithm>
#include <cmath>
#include <wheatstone/error.hpp>

#include "simulation/oscilloscope_model.hpp"

namespace wheatstone::simulation {
namespace {

bool is_on(const Exchange& exchange) { return exchange.number(0).value_or(0) != 0; }

/// 1 of CHAN1; absent for any other source.
std::optional<int> channel_of(std::string_view word) {
  if (!word.starts_with("CHAN") || word.size() != 5) return std::nullopt;
  return word.back() - '0';
}

}  // namespace

void OscilloscopeModel::bind(CommandActions& actions) {
  bind_control(actions);
  bind_channels(actions);
  bind_timebase(actions);
  bind_trigger(actions);
  bind_trigger_path(actions);
  bind_inputs(actions);
  bind_measurements(actions);
  bind_waveform(actions);
  bind_registers(actions);
  refuse_others(actions);
}

OscilloscopeModel::Input& OscilloscopeModel::input(int channel) {
  const auto found =
      std::find_if(inputs_.begin(), inputs_.end(), [&](const Input& one) { return one.number == channel; });
  if (found == inputs_.end())
    throw ConfigurationError("a command of the profile names a channel that it does not list");
  return *found;
}

void OscilloscopeModel::bind_control(CommandActions& actions) {
  actions.on_set("run", [this](Exchange& exchange) {
    state_ = State::running;
    restart(exchange.now());
  });
  actions.on_set("stop", [this](Exchange& exchange) {
    if (state_ == State::running && exchange.now() >= ready() + after()) capture_newest(exchange.now());
    state_ = State::stopped;
  });
  actions.on_set("single", [this](Exchange& exchange) {
    state_ = State::single;
    restart(exchange.now());
  });
  actions.on_set("digitize", [this](Exchange& exchange) {
    for (std::size_t i = 0; exchange.has(i); ++i) {
      if (const auto channel = channel_of(exchange.keyword(i))) input(*channel).displayed = true;
    }
    digitize(exchange);
  });
  actions.on_set("autoscale", [this](Exchange& exchange) { autoscale(exchange); });
  actions.on_set("trigger.force", [this](Exchange& exchange) { trigger(exchange); });
  const auto show = [&](std::string_view id, bool shown) {
    actions.on_set(id, [this, shown](Exchange& exchange) {
      if (!exchange.has(0)) {
        for (Input& one : inputs_) one.displayed = shown;
      } else if (const auto channel = channel_of(exchange.keyword(0))) {
        input(*channel).displayed = shown;
      }
    });
  };
  show("view", true);
  show("blank", false);
}

/// False where the scale is none of the instrument's.
bool OscilloscopeModel::set_scale(Input& input, double scale) const {
  const profile::Quantity& quantity = input.data->quantity("scale");
  const double at_input = scale / input.probe;
  if (at_input < quantity.minimum * (1 - 1e-9) || at_input > quantity.maximum * (1 + 1e-9)) return false;
  input.scale = scale;
  return true;
}

void OscilloscopeModel::bind_channels(CommandActions& actions) {
  const auto bind = [&](std::string_view id, auto set, auto get) {
    actions.on_set(id, [this, set](Exchange& exchange) {
      if (!set(exchange, input(exchange.channel()))) exchange.error(scpi::k_data_out_of_range);
      advance(exchange.now());
      if (state_ == State::running) restart(exchange.now());
    });
    actions.on_query(id, [this, get](Exchange& exchange) { exchange.answer(get(input(exchange.channel()))); });
  };
  bind(
      "channel.scale", [this](Exchange& e, Input& i) { return set_scale(i, e.number(0).value_or(0)); },
      [](const Input& i) { return i.scale; });
  bind(
      "channel.range",
      [this](Exchange& e, Input& i) { return set_scale(i, e.number(0).value_or(0) / VerticalAxis::k_divisions); },
      [](const Input& i) { return i.scale * VerticalAxis::k_divisions; });
  bind(
      "channel.offset",
      [](Exchange& e, Input& i) {
        const double offset = e.number(0).value_or(0);
        // To 200 mV/div the smaller range holds (data sheet p.12).
        const auto& ranges = i.data->quantity("offset").ranges;
        const profile::Range& range = i.scale / i.probe <= 0.2 ? ranges.front() : ranges.back();
        if (std::abs(offset) > range.maximum * i.probe * (1 + 1e-9)) return false;
        i.offset = offset;
        return true;
      },
      [](const Input& i) { return i.offset; });
  bind(
      "channel.probe",
      [this](Exchange& e, Input& i) {
        const double ratio = e.number(0).value_or(1) / i.probe;
        i.probe *= ratio;
        i.scale *= ratio;
        i.offset *= ratio;
        i.trigger_level *= ratio;
        connect(i, e.now());
        return true;
      },
      [](const Input& i) { return i.probe; });
  const auto bind_switch = [&](std::string_view id, Switch member) {
    bind(
        id,
        [member](Exchange& e, Input& i) {
          i.*member = is_on(e);
          return true;
        },
        [member](const Input& i) { return i.*member ? 1 : 0; });
  };
  bind_switch("channel.display", &Input::displayed);
  bind_switch("channel.invert", &Input::inverts);
}

void OscilloscopeModel::bind_timebase(CommandActions& actions) {
  const auto bind = [&](std::string_view id, double divisions) {
    actions.on_set(id, [this, divisions](Exchange& exchange) {
      advance(exchange.now());
      timebase_scale_ = exchange.number(0).value_or(0) / divisions;
      restart(exchange.now());
    });
    actions.on_query(id, [this, divisions](Exchange& exchange) { exchange.answer(timebase_scale_ * divisions); });
  };
  bind("timebase.scale", 1);
  bind("timebase.range", 10);
  actions.on_set("timebase.position", [this](Exchange& exchange) {
    timebase_position_ = exchange.number(0).value_or(0);
    restart(exchange.now());
  });
  actions.on_query("timebase.position", [this](Exchange& exchange) { exchange.answer(timebase_position_); });
}

void OscilloscopeModel::bind_trigger(CommandActions& actions) {
  const auto concerned = [this](const Exchange& exchange, std::size_t place) -> Input* {
    const std::string_view word = exchange.has(place) ? exchange.keyword(place) : std::string_view(trigger_source_);
    const auto channel = channel_of(word);
    return channel ? &input(*channel) : nullptr;
  };
  actions.on_set("trigger.level", [this, concerned](Exchange& exchange) {
    Input* source = concerned(exchange, 1);
    if (source == nullptr) {
      exchange.error(scpi::k_settings_conflict);  // nothing but a channel has a level here
      return;
    }
    const double level = exchange.number(0).value_or(0);
    const double most = figure_of("trigger_range_divisions", 6) * source->scale;
    if (std::abs(level - source->offset) > most * (1 + 1e-9)) {
      exchange.error(scpi::k_data_out_of_range);
      return;
    }
    source->trigger_level = level;
    restart(exchange.now());
  });
  actions.on_query("trigger.level", [concerned](Exchange& exchange) {
    const Input* source = concerned(exchange, 0);
    exchange.answer(source == nullptr ? 0 : source->trigger_level);
  });
}

/// A plain setting that acquisitions look at: what is under way begins anew.
void OscilloscopeModel::bind_stored(CommandActions& actions, std::string_view id, CommandActions::Action set) {
  actions.on_stored(id, [this, set = std::move(set)](Exchange& exchange) {
    advance(exchange.now());
    set(exchange);
    restart(exchange.now());
  });
}

void OscilloscopeModel::bind_inputs(CommandActions& actions) {
  bind_stored(actions, "channel.coupling", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) input(channel).removes_mean = exchange.keyword(0) == "AC";
  });
  bind_stored(actions, "channel.bandwidth_limit", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) input(channel).limits_bandwidth = is_on(exchange);
  });
  bind_stored(actions, "channel.skew", [this](Exchange& exchange) {
    for (const int channel : exchange.channels()) input(channel).skew = exchange.number(0).value_or(0);
  });
  bind_stored(actions, "timebase.reference", [this](Exchange& exchange) {
    const std::string_view word = exchange.keyword(0);
    reference_divisions_ = word == "LEFT" ? 1 : word == "RIGH" ? 9 : 5;
  });
  for (const char* id : {"acquire.type", "acquire.count"}) {
    bind_stored(actions, id, [this](Exchange& exchange) {
      const profile::CommandTable& table = exchange.table();
      const std::string type = exchange.settings().text(table.at("acquire.type"), 0);
      acquisition_ = type == "AVER"   ? AcquisitionType::average
                     : type == "HRES" ? AcquisitionType::high_resolution
                     : type == "PEAK" ? AcquisitionType::peak
                                      : AcquisitionType::normal;
      averages_ = type == "AVER" ? exchange.settings().number(table.at("acquire.count"), 0) : 1;
    });
  }
}

void OscilloscopeModel::bind_trigger_path(CommandActions& actions) {
  bind_stored(actions, "trigger.sweep",
              [this](Exchange& exchange) { sweeps_by_itself_ = exchange.keyword(0) == "AUTO"; });
  bind_stored(actions, "trigger.source", [this](Exchange& exchange) { trigger_source_ = exchange.keyword(0); });
  bind_stored(actions, "trigger.slope", [this](Exchange& exchange) {
    const std::string_view word = exchange.keyword(0);
    slope_ = word == "POS" ? Slope::positive : word == "NEG" ? Slope::negative : Slope::either;
  });
  bind_stored(actions, "trigger.noise_reject",
              [this](Exchange& exchange) { trigger_path_.rejects_noise = is_on(exchange); });
  bind_stored(actions, "trigger.holdoff",
              [this](Exchange& exchange) { holdoff_ = std::llround(1e9 * exchange.number(0).value_or(0)); });
  // Three commands for two filters (data sheet p.14): both of about 50 kHz.
  for (const char* id : {"trigger.coupling", "trigger.reject", "trigger.hf_reject"}) {
    bind_stored(actions, id, [this](Exchange& exchange) {
      const profile::CommandTable& table = exchange.table();
      const PlainSettings& settings = exchange.settings();
      const std::string coupling = settings.text(table.at("trigger.coupling"), 0);
      const std::string reject = settings.text(table.at("trigger.reject"), 0);
      trigger_path_.removes_mean = coupling == "AC";
      trigger_path_.rejects_low = coupling == "LFR" || reject == "LFR";
      trigger_path_.rejects_high = reject == "HFR" || settings.number(table.at("trigger.hf_reject"), 0) != 0;
    });
  }
}

/// What the simulated scope has not is an error where it is asked for, never silence.
void OscilloscopeModel::refuse_others(CommandActions& actions) {
  actions.allow_only("timebase.mode", "MAIN");
  actions.allow_only("trigger.mode", "EDGE");
  actions.allow_only("acquire.mode", "RTIM");
  actions.allow_only("acquire.complete", 100.0);
  actions.allow_only("channel.impedance", "ONEM");
  for (const char* id :
       {"acquire.segments", "acquire.segment", "acquire.analyze_segments", "generator.output", "generator.function",
        "generator.frequency", "generator.amplitude", "generator.offset", "generator.low", "generator.high",
        "generator.duty_cycle", "generator.symmetry", "generator.pulse_width", "generator.period", "generator.load"}) {
    actions.refuse(id);  // no segments; and the generator's connector is wired to nothing
  }
  actions.keeps({"channel.label", "channel.units", "channel.vernier", "lock", "clear_display", "measure.clear"});
  // Sent without a question mark, a measurement is shown on the screen.
  actions.keeps({"measure.vpp",
                 "measure.amplitude",
                 "measure.top",
                 "measure.base",
                 "measure.maximum",
                 "measure.minimum",
                 "measure.overshoot",
                 "measure.preshoot",
                 "measure.frequency",
                 "measure.period",
                 "measure.rise_time",
                 "measure.fall_time",
                 "measure.positive_width",
                 "measure.negative_width",
                 "measure.duty_cycle",
                 "measure.counter",
                 "measure.x_at_maximum",
                 "measure.x_at_minimum",
                 "measure.rms",
                 "measure.average",
                 "measure.area",
                 "measure.phase",
                 "measure.delay"});
}

}  // namespace wheatstone::simulation
