// What is read of an oscilloscope's record: measurements, samples, registers.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "scpi/number.hpp"
#include "simulation/oscilloscope_model.hpp"

namespace wheatstone::simulation {
namespace {

constexpr std::size_t k_measured_points = 10'000;

using Measure = measure::Result (*)(const WaveformRecord&);

constexpr std::array<std::pair<const char*, Measure>, 16> k_measurements = {{
    {"measure.vpp", measure::peak_to_peak},
    {"measure.amplitude", measure::amplitude},
    {"measure.top", measure::top},
    {"measure.base", measure::base},
    {"measure.maximum", measure::maximum},
    {"measure.minimum", measure::minimum},
    {"measure.frequency", measure::frequency},
    {"measure.counter", measure::frequency},
    {"measure.period", measure::period},
    {"measure.positive_width", measure::positive_width},
    {"measure.negative_width", measure::negative_width},
    {"measure.duty_cycle", measure::duty_cycle},
    {"measure.overshoot", measure::overshoot},
    {"measure.preshoot", measure::preshoot},
    {"measure.x_at_maximum", measure::time_of_maximum},
    {"measure.x_at_minimum", measure::time_of_minimum},
}};

/// The channel that the query names, else the first of MEASure:SOURce; 0 for a source that is no channel.
int measured_channel(const Exchange& exchange) {
  std::string word;
  for (std::size_t place = 0; place < exchange.match().argument_count; ++place) {
    const std::string_view named = exchange.keyword(place);
    if (!named.empty() && named != "DISP" && named != "CYCL" && named != "AC" && named != "DC") word = named;
  }
  if (word.empty()) word = exchange.settings().text(exchange.table().at("measure.source"), 0).substr(0, 5);
  return word.starts_with("CHAN") ? word[4] - '0' : 0;
}

bool says(const Exchange& exchange, std::string_view word) {
  for (std::size_t place = 0; place < exchange.match().argument_count; ++place) {
    if (exchange.keyword(place) == word) return true;
  }
  return false;
}

}  // namespace

std::optional<WaveformRecord> OscilloscopeModel::measured_record(std::size_t index) const {
  if (!capture_ || index >= inputs_.size()) return std::nullopt;
  return capture_->record(index, std::min(acquired_points(), k_measured_points));
}

void OscilloscopeModel::answer_measured(Exchange& exchange, const Measurement& measurement) {
  const int channel = measured_channel(exchange);
  if (channel > 0) input(channel).displayed = true;  // measuring an input shows it
  when_complete(exchange, [this, channel, measurement](Exchange& done) {
    measure::Result result;
    if (const auto record = measured_record(static_cast<std::size_t>(channel - 1)); channel > 0 && record) {
      result = measurement(*record);
    }
    done.answer(result.value_or(std::numeric_limits<double>::infinity()));
  });
}

void OscilloscopeModel::bind_measurements(CommandActions& actions) {
  for (const auto& [id, measurement] : k_measurements) {
    actions.on_query(id, [this, measurement](Exchange& exchange) { answer_measured(exchange, measurement); });
  }
  actions.reads({"measure.source"});
  actions.on_query("measure.average", [this](Exchange& exchange) {
    const bool cycle = says(exchange, "CYCL");
    answer_measured(exchange, [cycle](const WaveformRecord& record) -> measure::Result {
      const auto part = cycle ? measure::whole_cycles(record) : std::optional(record);
      return part ? measure::mean(*part) : std::nullopt;
    });
  });
  actions.on_query("measure.rms", [this](Exchange& exchange) {
    const bool cycle = says(exchange, "CYCL");
    const bool alternating = says(exchange, "AC");
    answer_measured(exchange, [cycle, alternating](const WaveformRecord& record) -> measure::Result {
      const auto part = cycle ? measure::whole_cycles(record) : std::optional(record);
      if (!part) return std::nullopt;
      return alternating ? measure::deviation(*part) : measure::rms(*part);
    });
  });
}

/// The ten fields of WAVeform:PREamble.
struct OscilloscopeModel::Preamble {
  int format = 0;  // 0 BYTE, 1 WORD, 4 ASCii
  int type = 0;    // 0 normal, 1 peak, 2 average, 3 high resolution
  std::size_t points = 0;
  double count = 1;
  double x_increment = 0, x_origin = 0, x_reference = 0;
  double y_increment = 0, y_origin = 0, y_reference = 0;
  std::size_t source = 0;
  bool is_signed = false;
};

std::size_t OscilloscopeModel::waveform_points(const Exchange& exchange) const {
  const profile::CommandTable& table = exchange.table();
  const bool normal = exchange.settings().text(table.at("waveform.points_mode"), 0) == "NORM";
  // Raw memory is readable only while the scope stands.
  const bool raw = !normal && state_ == State::stopped;
  const auto screen = static_cast<std::size_t>(figure_of("screen_points", 1000));
  const std::size_t there = raw ? acquired_points() : std::min(screen, acquired_points());
  return std::min(there, waveform_points_);
}

OscilloscopeModel::Preamble OscilloscopeModel::preamble(const Exchange& exchange) const {
  const profile::CommandTable& table = exchange.table();
  const PlainSettings& settings = exchange.settings();
  const auto text = [&](std::string_view id) { return settings.text(table.at(id), 0); };
  Preamble fields;
  const std::string format = text("waveform.format");
  const std::string type = text("acquire.type");
  fields.format = format == "WORD" ? 1 : format == "ASC" ? 4 : 0;
  fields.type = type == "PEAK" ? 1 : type == "AVER" ? 2 : type == "HRES" ? 3 : 0;
  fields.points = waveform_points(exchange);
  fields.count = averages_;
  const std::string source = text("waveform.source");
  fields.source = source.starts_with("CHAN") ? static_cast<std::size_t>(source[4] - '1') : inputs_.size();
  if (!capture_ || fields.source >= inputs_.size()) return fields;
  const WaveformRecord record = capture_->record(fields.source, 1);
  fields.is_signed = settings.number(table.at("waveform.unsigned"), 0) == 0;
  const double fine = fields.format == 1 ? 256 : 1;
  fields.x_increment = capture_->window().length / static_cast<double>(fields.points);
  fields.x_origin = capture_->window().start;
  fields.y_increment = record.axis.step() / fine;
  fields.y_origin = record.axis.offset;
  fields.y_reference = fields.is_signed ? 0 : 128 * fine;
  return fields;
}

std::string OscilloscopeModel::waveform_data(const Exchange& exchange) const {
  const Preamble fields = preamble(exchange);
  const WaveformRecord record = capture_->record(fields.source, fields.points);
  const bool low_first = exchange.settings().text(exchange.table().at("waveform.byte_order"), 0) == "LSBF";
  std::string data;
  data.reserve(fields.points * (fields.format == 1 ? 2 : 1));
  for (std::size_t i = 0; i < record.codes.size(); ++i) {
    const int code = record.codes[i] - (fields.is_signed ? 128 : 0);
    if (fields.format == 4) {
      if (!data.empty()) data += ',';
      scpi::append_nr3(data, record.axis.volts_of(record.sample(i)), 5);
    } else if (fields.format == 0) {
      data += static_cast<char>(code);
    } else {
      const int word = code * 256 + (record.residues.empty() ? 0 : record.residues[i]);
      const auto high = static_cast<char>((word >> 8) & 0xff);
      const auto low = static_cast<char>(word & 0xff);
      data += low_first ? low : high;
      data += low_first ? high : low;
    }
  }
  return data;
}

void OscilloscopeModel::bind_waveform(CommandActions& actions) {
  actions.reads(
      {"waveform.source", "waveform.format", "waveform.points_mode", "waveform.byte_order", "waveform.unsigned"});
  const auto bind = [&](std::string_view id, auto answer) {
    actions.on_query(id, [this, answer](Exchange& exchange) {
      when_complete(exchange, [this, answer](Exchange& done) {
        if (!capture_ || preamble(done).source >= inputs_.size()) {
          done.error(scpi::k_data_stale);
        } else {
          answer(done);
        }
      });
    });
  };
  bind("waveform.data", [this](Exchange& exchange) {
    const std::string data = waveform_data(exchange);
    std::string& out = exchange.answer();
    out += fmt::format("#8{:08}", data.size());
    out += data;
  });
  bind("waveform.preamble", [this](Exchange& exchange) {
    const Preamble f = preamble(exchange);
    exchange.answer() += fmt::format("+{},+{},+{},+{}", f.format, f.type, f.points, static_cast<int>(f.count));
    for (const double value : {f.x_increment, f.x_origin, f.x_reference, f.y_increment, f.y_origin, f.y_reference}) {
      scpi::append_nr3(exchange.answer(), value);
    }
  });
  const auto bind_field = [&](std::string_view id, double Preamble::* field) {
    bind(id, [this, field](Exchange& exchange) { exchange.answer(preamble(exchange).*field); });
  };
  bind_field("waveform.x_increment", &Preamble::x_increment);
  bind_field("waveform.x_origin", &Preamble::x_origin);
  bind_field("waveform.x_reference", &Preamble::x_reference);
  bind_field("waveform.y_increment", &Preamble::y_increment);
  bind_field("waveform.y_origin", &Preamble::y_origin);
  bind_field("waveform.y_reference", &Preamble::y_reference);
  bind_field("waveform.count", &Preamble::count);
  actions.on_set("waveform.points", [this](Exchange& exchange) {
    const std::string_view mode = exchange.keyword(0);
    waveform_points_ = mode.empty() ? static_cast<std::size_t>(exchange.number(0).value_or(1)) : k_all_points;
  });
  actions.on_query("waveform.points", [this](Exchange& exchange) {
    advance(exchange.now());
    exchange.answer(static_cast<double>(waveform_points(exchange)));
  });
  actions.on_query("waveform.type", [](Exchange& exchange) {
    exchange.answer() += exchange.settings().text(exchange.table().at("acquire.type"), 0);
  });
  actions.on_query("acquire.points",
                   [this](Exchange& exchange) { exchange.answer(static_cast<double>(acquired_points())); });
  actions.on_query("acquire.sample_rate", [this](Exchange& exchange) { exchange.answer(sample_rate()); });
}

void OscilloscopeModel::bind_registers(CommandActions& actions) {
  const auto bind_event = [&](std::string_view id, bool OscilloscopeModel::* event) {
    actions.on_query(id, [this, event](Exchange& exchange) {
      advance(exchange.now());
      exchange.answer(this->*event ? 1 : 0);
      this->*event = false;
    });
  };
  bind_event("trigger_event", &OscilloscopeModel::trigger_event_);
  bind_event("acquisition_event", &OscilloscopeModel::acquisition_event_);
  actions.on_set("operation_register_enable", [this](Exchange& exchange) {
    operation_.enable = static_cast<std::uint16_t>(exchange.number(0).value_or(0));
    exchange.status().operation.enable = operation_.enable;  // the status byte's bit 7 sums it up
  });
  actions.on_query("operation_register_enable", [this](Exchange& exchange) { exchange.answer(operation_.enable); });
  actions.on_query("operation_register_condition", [this](Exchange& exchange) {
    update(exchange.now(), exchange.status());
    exchange.answer(operation_.condition());
  });
  actions.on_query("operation_register_event", [this](Exchange& exchange) {
    update(exchange.now(), exchange.status());
    exchange.answer(operation_.take_event());
  });
  actions.on_query("serial", [this](Exchange& exchange) {
    const std::string& reply = surroundings_.profile->idn_reply;
    const std::size_t second = reply.find(',', reply.find(',') + 1);
    exchange.answer() += reply.substr(second + 1, reply.find(',', second + 1) - second - 1);
  });
}

}  // namespace wheatstone::simulation
