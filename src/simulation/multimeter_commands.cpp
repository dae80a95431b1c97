// The commands of a meter, by the ids of its profile: "configure.voltage_dc", "voltage_dc.range", "read".

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scpi/message.hpp"
#include "scpi/number.hpp"
#include "simulation/multimeter_model.hpp"

namespace wheatstone::simulation {
namespace {

/// Overloads are answered as SCPI's infinities.
void append_values(Exchange& exchange, const std::vector<double>& values) {
  for (const double value : values) exchange.answer(value);
}

}  // namespace

void MultimeterModel::bind(CommandActions& actions) {
  bind_measuring(actions);
  bind_triggers(actions);
  bind_statistics(actions);
  for (std::size_t i = 0; i < functions_.size(); ++i) bind_function(actions, i);
  actions.on_query("terminals", [](Exchange& exchange) { exchange.answer() += "FRON"; });
  bind_settings(actions);
  for (const char* id : {"scale", "scale.function", "limit", "limit.lower", "limit.upper", "trigger_level"}) {
    actions.refuse(id);
  }
  actions.allow_only("data_format", "ASC");
  // Nothing is wired to the trigger input, nor a probe to the terminals.
  actions.allow_only("trigger_slope", "NEG");
  actions.lacks("trigger_source", "INT");
  actions.allow_only("temperature.probe", "FRTD");
  actions.allow_only("temperature.thermocouple", "K");
  actions.keeps({"temperature.unit", "display", "display_text", "clear_display_text", "beep", "beeper", "local"});
}

void MultimeterModel::bind_measuring(CommandActions& actions) {
  for (std::size_t i = 0; i < functions_.size(); ++i) {
    const std::string name = functions_[i].data->name;
    actions.on_set("configure." + name, [this, i](Exchange& exchange) { configure(exchange, i); });
    actions.on_query("measure." + name, [this, i](Exchange& exchange) {
      if (!configure(exchange, i)) return;
      initiate(exchange, exchange.now());
      fetch(exchange);
    });
  }
  actions.on_query("configuration", [this](Exchange& exchange) { exchange.answer() += configuration(); });
  actions.on_set("function", [this](Exchange& exchange) {
    const std::string wanted = scpi::unquoted(exchange.argument(0).text);
    for (std::size_t i = 0; i < functions_.size(); ++i) {
      if (!headers_[i].matches(wanted)) continue;
      abort(exchange.now());
      select(i, exchange.now());
      return;
    }
    exchange.error(scpi::k_illegal_parameter_value);
  });
  actions.on_query("function", [this](Exchange& exchange) {
    std::string header;
    headers_[selected_].append_shortest(header);
    scpi::append_quoted(exchange.answer(), header);
  });
}

/// CONFigure and MEASure: the function's defaults, then range and resolution. False where they do not go together.
bool MultimeterModel::configure(Exchange& exchange, std::size_t index) {
  MeterFunction& function = functions_[index];
  const bool takes_range = function.kind != MeterFunction::Kind::temperature;
  const bool automatic =
      !takes_range || !exchange.has(0) || exchange.keyword(0) == "AUTO" || exchange.keyword(0) == "DEF";
  const auto resolution = takes_range ? exchange.number(1) : std::nullopt;
  if (automatic && resolution && exchange.keyword(1).empty() && exchange.has(0)) {
    exchange.error(scpi::k_settings_conflict);  // a resolution needs a range that stands (Truevolt guide p.289)
    return false;
  }
  abort(exchange.now());
  memory_.clear();
  sample_count_ = 1;
  trigger_count_ = 1;
  trigger_source_ = TriggerSource::immediate;
  function.restore_defaults();
  if (!automatic) {
    function.select_range(exchange.number(0).value_or(0));
  }
  if (resolution && exchange.keyword(1).empty()) function.set_resolution(*resolution);
  if (exchange.keyword(1) == "MIN" && !function.data->apertures.empty())
    function.nplc = function.data->apertures.back().nplc;
  if (exchange.keyword(1) == "MAX" && !function.data->apertures.empty())
    function.nplc = function.data->apertures.front().nplc;
  select(index, exchange.now());
  return true;
}

/// `"VOLT +1.00000000E+01,+1.00000000E-06"`.
std::string MultimeterModel::configuration() const {
  const MeterFunction& function = functions_[selected_];
  std::string header;
  headers_[selected_].append_shortest(header);
  header += ' ';
  scpi::append_nr3(header, function.present().nominal);
  header += ',';
  scpi::append_nr3(header, function.resolution());
  std::string quoted;
  scpi::append_quoted(quoted, header);
  return quoted;
}

void MultimeterModel::bind_function(CommandActions& actions, std::size_t index) {
  const std::string name = functions_[index].data->name + '.';
  const auto bind = [&](const char* id, auto set, auto get) {
    actions.on_set(name + id, [this, index, set](Exchange& exchange) {
      set(exchange, functions_[index]);
      if (index == selected_) input_.connect(functions_[index], exchange.now());
    });
    actions.on_query(name + id, [this, index, get](Exchange& exchange) { exchange.answer(get(functions_[index])); });
  };
  const auto is_on = [](const Exchange& exchange) { return exchange.number(0).value_or(0) != 0; };
  bind(
      "range", [](Exchange& exchange, MeterFunction& f) { f.select_range(exchange.number(0).value_or(0)); },
      [](const MeterFunction& f) { return f.present().nominal; });
  bind(
      "auto_range",
      [this, is_on](Exchange& exchange, MeterFunction& f) {
        f.automatic = true;
        if (exchange.keyword(0) == "ONCE") (void)f.follow(input_.quantity(f.kind, exchange.now()));
        f.automatic = is_on(exchange);
      },
      [](const MeterFunction& f) { return f.automatic ? 1 : 0; });
  bind(
      "nplc",
      [](Exchange& exchange, MeterFunction& f) {
        f.nplc = exchange.number(0).value_or(f.nplc);
        f.aperture.reset();
      },
      [](const MeterFunction& f) { return f.nplc; });
  const double line = line_frequency_;
  bind(
      "aperture", [](Exchange& exchange, MeterFunction& f) { f.aperture = exchange.number(0); },
      [line](const MeterFunction& f) { return f.integration(line); });
  bind(
      "aperture_enabled",
      [is_on, line](Exchange& exchange, MeterFunction& f) {
        const double present = f.integration(line);
        f.aperture = is_on(exchange) ? std::optional(present) : std::nullopt;
      },
      [](const MeterFunction& f) { return f.aperture ? 1 : 0; });
  bind(
      "auto_zero", [is_on](Exchange& exchange, MeterFunction& f) { f.autozero = is_on(exchange); },
      [](const MeterFunction& f) { return f.autozero ? 1 : 0; });
  bind(
      "auto_impedance", [is_on](Exchange& exchange, MeterFunction& f) { f.high_impedance = is_on(exchange); },
      [](const MeterFunction& f) { return f.high_impedance ? 1 : 0; });
  bind(
      "null",  // switched on, the next reading becomes the null value (sg: NULL:STATe ON enables NULL:VALue:AUTO)
      [is_on](Exchange& exchange, MeterFunction& f) { f.null_enabled = f.takes_null = is_on(exchange); },
      [](const MeterFunction& f) { return f.null_enabled ? 1 : 0; });
  bind(
      "null_value",
      [](Exchange& exchange, MeterFunction& f) {
        f.null_value = exchange.number(0).value_or(0);
        f.takes_null = false;
      },
      [](const MeterFunction& f) { return f.null_value; });
  bind_resolution(actions, index);
  bind_signal(actions, index);
}

/// What alternating signals and the current's terminals are measured with.
void MultimeterModel::bind_signal(CommandActions& actions, std::size_t index) {
  const std::string name = functions_[index].data->name + '.';
  const auto bind = [&](const char* id, auto set, auto get) {
    actions.on_set(name + id, [this, index, set](Exchange& exchange) {
      set(exchange, functions_[index]);
      if (index == selected_) input_.connect(functions_[index], exchange.now());
    });
    actions.on_query(name + id, [this, index, get](Exchange& exchange) { exchange.answer(get(functions_[index])); });
  };
  bind(
      "bandwidth", [](Exchange& e, MeterFunction& f) { f.bandwidth = e.number(0).value_or(20); },
      [](const MeterFunction& f) { return f.bandwidth; });
  bind(
      "gate_time", [](Exchange& e, MeterFunction& f) { f.gate = e.number(0).value_or(0.1); },
      [](const MeterFunction& f) { return f.gate; });
  bind(
      "voltage_range", [](Exchange& e, MeterFunction& f) { f.counted_range = e.number(0); },
      [](const MeterFunction& f) { return f.counted_range.value_or(f.automatic_counted_range); });
  bind(
      "voltage_auto_range",
      [](Exchange& e, MeterFunction& f) {
        const bool on = e.number(0).value_or(0) != 0;
        f.counted_range = on ? std::nullopt : std::optional(f.counted_range.value_or(f.automatic_counted_range));
      },
      [](const MeterFunction& f) { return f.counted_range ? 0 : 1; });
  bind(
      "terminals",
      [](Exchange& e, MeterFunction& f) {
        f.strong_terminal = e.number(0).value_or(3) > 3;
        f.keep_to_terminal();
      },
      [](const MeterFunction& f) { return f.strong_terminal ? 10 : 3; });
}

void MultimeterModel::bind_resolution(CommandActions& actions, std::size_t index) {
  const std::string id = functions_[index].data->name + ".resolution";
  const auto finest = [this, index](bool fine) {
    MeterFunction copy = functions_[index];
    const auto& apertures = copy.data->apertures;
    if (!apertures.empty()) copy.nplc = fine ? apertures.back().nplc : apertures.front().nplc;
    return copy.resolution();
  };
  actions.on_set(id, [this, index, finest](Exchange& exchange) {
    const std::string_view word = exchange.keyword(0);
    const double wanted = word.empty() ? exchange.number(0).value_or(0) : finest(word != "MAX");
    functions_[index].set_resolution(wanted);
  });
  actions.on_query(id, [this, index, finest](Exchange& exchange) {
    if (!exchange.has(0)) {
      exchange.answer(functions_[index].resolution());
    } else {
      exchange.answer(finest(exchange.keyword(0) != "MAX"));
    }
  });
}

void MultimeterModel::bind_triggers(CommandActions& actions) {
  actions.on_query("read", [this](Exchange& exchange) {
    if (trigger_source_ == TriggerSource::bus) {
      constexpr int k_trigger_deadlock = -214;  // the trigger could only come after the answer
      exchange.error(k_trigger_deadlock);
      return;
    }
    abort(exchange.now());
    initiate(exchange, exchange.now());
    fetch(exchange);
  });
  actions.on_query("fetch", [this](Exchange& exchange) { fetch(exchange); });
  actions.on_set("initiate", [this](Exchange& exchange) {
    finish_readings(exchange.now());
    initiate(exchange, exchange.now());
  });
  actions.on_set("abort", [this](Exchange& exchange) { abort(exchange.now()); });
  actions.on_query("data_points", [this](Exchange& exchange) {
    finish_readings(exchange.now());
    exchange.answer(static_cast<double>(memory_.size()));
  });
  const auto remove = [this](Exchange& exchange) {
    finish_readings(exchange.now());
    const auto most = static_cast<std::size_t>(exchange.number(0).value_or(1e18));
    const std::size_t count = std::min(most, memory_.size());
    const std::vector<double> taken(memory_.begin(), memory_.begin() + static_cast<std::ptrdiff_t>(count));
    memory_.erase(memory_.begin(), memory_.begin() + static_cast<std::ptrdiff_t>(count));
    return taken;
  };
  actions.on_query("data_remove", [remove](Exchange& exchange) {
    const std::vector<double> taken = remove(exchange);
    if (taken.empty()) exchange.error(scpi::k_data_stale);
    append_values(exchange, taken);
  });
  actions.on_query("remove", [remove](Exchange& exchange) {
    std::string text;
    for (const double value : remove(exchange)) {
      if (!text.empty()) text += ',';
      scpi::append_nr3(text, value);
    }
    const std::string length = std::to_string(text.size());
    std::string& out = exchange.answer();
    out += '#';
    out += std::to_string(length.size());
    out += length;
    out += text;
  });
  actions.on_query("data_last", [this](Exchange& exchange) {
    finish_readings(exchange.now());
    std::string& out = exchange.answer();
    scpi::append_nr3(out, memory_.empty() ? std::nan("") : memory_.back());
    out += ' ';
    out += present().data->quantity.unit.label();
  });
}

/// Triggers and counts are plain settings that the readings look at.
void MultimeterModel::bind_settings(CommandActions& actions) {
  actions.on_stored("trigger_source", [this](Exchange& exchange) {
    const std::string_view word = exchange.keyword(0);
    trigger_source_ = word == "BUS"   ? TriggerSource::bus
                      : word == "IMM" ? TriggerSource::immediate
                                      : TriggerSource::external;
  });
  actions.on_stored("sample_count", [this](Exchange& exchange) {
    sample_count_ = static_cast<std::size_t>(exchange.number(0).value_or(1));
  });
  actions.on_stored("trigger_count", [this](Exchange& exchange) {
    trigger_count_ = static_cast<std::size_t>(std::min(exchange.number(0).value_or(1e9), 1e9));
  });
  actions.on_stored("trigger_delay", [this](Exchange& exchange) {
    trigger_delay_ = exchange.number(0).value_or(0);
    exchange.settings().set(exchange.table().at("trigger_delay_auto"), 0, 0);
  });
  actions.on_stored("trigger_delay_auto", [this](Exchange& exchange) {
    if (exchange.number(0).value_or(1) != 0) trigger_delay_ = 0;
  });
  actions.on_stored("sample_source", [this](Exchange& exchange) { paced_ = exchange.keyword(0) == "TIM"; });
  actions.on_stored("sample_timer", [this](Exchange& exchange) { sample_interval_ = exchange.number(0).value_or(1); });
}

void MultimeterModel::bind_statistics(CommandActions& actions) {
  const auto bind = [&](std::string_view id, auto compute) {
    actions.on_query(id, [this, compute](Exchange& exchange) {
      finish_readings(exchange.now());
      compute(exchange, statistics_);
    });
  };
  actions.on_set("statistics", [this](Exchange& exchange) {
    counting_ = exchange.number(0).value_or(0) != 0;
    statistics_ = {};
  });
  actions.on_query("statistics", [this](Exchange& exchange) { exchange.answer(counting_ ? 1 : 0); });
  actions.on_set("statistics.clear", [this](Exchange&) { statistics_ = {}; });
  bind("statistics.mean", [](Exchange& e, const Statistics& s) { e.answer(s.mean); });
  bind("statistics.deviation", [](Exchange& e, const Statistics& s) { e.answer(s.deviation()); });
  bind("statistics.minimum", [](Exchange& e, const Statistics& s) { e.answer(s.minimum); });
  bind("statistics.maximum", [](Exchange& e, const Statistics& s) { e.answer(s.maximum); });
  bind("statistics.peak_to_peak", [](Exchange& e, const Statistics& s) { e.answer(s.maximum - s.minimum); });
  bind("statistics.count", [](Exchange& e, const Statistics& s) { e.answer(static_cast<double>(s.count)); });
  bind("statistics.all", [](Exchange& e, const Statistics& s) {
    for (const double value : {s.mean, s.deviation(), s.minimum, s.maximum}) e.answer(value);
  });
}

}  // namespace wheatstone::simulation
