#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/oscilloscope.hpp>

#include "arguments.hpp"
#include "bindings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

using Class = nb::class_<Oscilloscope, Instrument>;
using ChannelClass = nb::class_<ScopeChannel>;

TriggerSource source_from(nb::handle object) {
  if (!PyUnicode_Check(object.ptr()) && PyIndex_Check(object.ptr()) != 0) return {channels_from(object).front()};
  return {name_from(object, "trigger source")};
}

TriggerSlope slope_from(nb::handle object) { return named<TriggerSlope>(object, "slope"); }

std::optional<TriggerCoupling> trigger_coupling_from(nb::handle object) {
  return named_or_none<TriggerCoupling>(object, "coupling of a trigger");
}

// True and false, a number of hertz or a word: any limit but none switches the model's low-pass filter on.
std::optional<bool> limit_from(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  if (!PyUnicode_Check(object.ptr())) {
    const double hertz = number_from(object, "bandwidth limit");
    if (hertz >= 0.0) return hertz != 0.0;
    throw ConfigurationError(fmt::format("{} is no bandwidth limit; give hertz, True or False", hertz));
  }
  const auto word = nb::cast<std::string>(nb::str(object).attr("upper")());
  if (word == "OFF" || word == "FULL" || word == "0") return false;
  if (word == "ON" || (!word.empty() && word.front() >= '0' && word.front() <= '9')) return true;
  throw ConfigurationError("'" + word + "' is no bandwidth limit; give \"ON\", \"OFF\", \"FULL\" or one like \"20M\"");
}

// A factor, or a ratio such as "10:1".
double attenuation_from(nb::handle object) {
  if (!PyUnicode_Check(object.ptr())) return number_from(object, "attenuation of a probe");
  const nb::object factor = object.attr("partition")(":")[0];
  const nb::object number = nb::steal(PyFloat_FromString(factor.ptr()));
  if (number.is_valid()) return nb::cast<double>(number);
  PyErr_Clear();
  throw ConfigurationError("'" + nb::cast<std::string>(nb::str(object)) +
                           "' is no attenuation of a probe; give a factor, or a ratio such as \"10:1\"");
}

ScopeChannelSettings channel_settings(std::optional<Number> scale, std::optional<Number> position,
                                      std::optional<Number> offset, Word coupling, nb::handle probe_attenuation,
                                      nb::handle bandwidth_limit) {
  ScopeChannelSettings settings{
      .scale = number_or_none(scale), .position = number_or_none(position), .offset = number_or_none(offset)};
  settings.coupling = named_or_none<Coupling>(coupling, "coupling of a channel");
  if (!probe_attenuation.is_none()) settings.probe_attenuation = attenuation_from(probe_attenuation);
  settings.bandwidth_limit = limit_from(bandwidth_limit);
  return settings;
}

nb::object result_of(ScopeRecord record) {
  return nb::module_::import_("wheatstone.results")
      .attr("ChannelReadingResult")
      .attr("_of")(nb::cast(std::move(record)));
}

nb::object read_channels(Oscilloscope& self, const nb::args& channels, std::optional<int> points, bool digitize,
                         bool run_after) {
  if (channels.size() == 0) throw ConfigurationError("read_channels() needs the channels to read; give their numbers");
  return result_of(
      self.read_channels(channels_from(channels), {.digitize = digitize, .points = points, .run_after = run_after}));
}

void bind_channel(nb::module_& module) {
  ChannelClass channel(module, "ScopeChannel", "One channel of a scope; setters return it, so that calls chain.");
  channel.def_prop_ro("number", &ScopeChannel::number)
      .def("__repr__",
           [](const ScopeChannel& self) { return "<channel " + std::to_string(self.number()) + " of a scope>"; })
      .def(
          "setup",
          [](nb::handle_t<ScopeChannel> self, std::optional<Number> scale, std::optional<Number> position,
             std::optional<Number> offset, Word coupling, nb::handle probe_attenuation, nb::handle bandwidth_limit) {
            (void)nb::cast<const ScopeChannel&>(self).setup(
                channel_settings(scale, position, offset, coupling, probe_attenuation, bandwidth_limit));
            return self;
          },
          nb::arg("scale") = nb::none(), nb::arg("position") = nb::none(), nb::arg("offset") = nb::none(),
          nb::arg("coupling").none() = nb::none(), nb::arg("probe_attenuation").none() = nb::none(),
          nb::arg("bandwidth_limit").none() = nb::none(),
          "Volts a division, divisions, volts; what is not given stays. All are checked before any is sent.")
      .def("set_scale", chained(&ScopeChannel::set_scale), nb::arg("volts_per_division"))
      .def("set_offset", chained(&ScopeChannel::set_offset), nb::arg("volts"))
      .def("enable", chained(&ScopeChannel::enable))
      .def("disable", chained(&ScopeChannel::disable))
      .def("measure_peak_to_peak", measuring(&ScopeChannel::measure_peak_to_peak))
      .def("measure_vpp", measuring(&ScopeChannel::measure_peak_to_peak))
      .def("measure_rms", measuring(&ScopeChannel::measure_rms))
      .def("measure_mean", measuring(&ScopeChannel::measure_mean))
      .def("measure_amplitude", measuring(&ScopeChannel::measure_amplitude))
      .def("measure_frequency", measuring(&ScopeChannel::measure_frequency));
}

bool wait_for(const ScopeTrigger& trigger, std::optional<double> timeout) {
  if (timeout) return trigger.wait(seconds_from(*timeout, "a timeout"));
  trigger.wait();
  return true;
}

void bind_several(nb::module_& module) {
  nb::class_<ScopeChannels> channels(module, "ScopeChannels",
                                     "Several channels of a scope, set up alike, read at once.");
  channels.def_prop_ro("numbers", [](const ScopeChannels& self) { return self.numbers(); })
      .def("__repr__",
           [](const ScopeChannels& self) {
             return fmt::format("<channels {} of a scope>", fmt::join(self.numbers(), ", "));
           })
      .def(
          "setup",
          [](nb::handle_t<ScopeChannels> self, std::optional<Number> scale, std::optional<Number> position,
             std::optional<Number> offset, Word coupling, nb::handle probe_attenuation, nb::handle bandwidth_limit) {
            (void)nb::cast<const ScopeChannels&>(self).setup(
                channel_settings(scale, position, offset, coupling, probe_attenuation, bandwidth_limit));
            return self;
          },
          nb::arg("scale") = nb::none(), nb::arg("position") = nb::none(), nb::arg("offset") = nb::none(),
          nb::arg("coupling").none() = nb::none(), nb::arg("probe_attenuation").none() = nb::none(),
          nb::arg("bandwidth_limit").none() = nb::none(),
          "Volts a division, divisions, volts; what is not given stays.")
      .def("enable",
           [](nb::handle_t<ScopeChannels> self) {
             (void)nb::cast<const ScopeChannels&>(self).enable();
             return self;
           })
      .def("disable",
           [](nb::handle_t<ScopeChannels> self) {
             (void)nb::cast<const ScopeChannels&>(self).disable();
             return self;
           })
      .def(
          "read",
          [](const ScopeChannels& self, std::optional<int> points, bool digitize, bool run_after) {
            return result_of(self.read({.digitize = digitize, .points = points, .run_after = run_after}));
          },
          nb::kw_only(), nb::arg("points") = nb::none(), nb::arg("digitize") = true, nb::arg("run_after") = false,
          nb::sig("def read(self, *, points: int | None = None, digitize: bool = True, run_after: bool = False) -> "
                  "wheatstone.results.ChannelReadingResult"),
          "One acquisition of all of them: a DataFrame of \"Time (s)\" and \"Channel n (V)\".");
}

void bind_trigger(nb::module_& module) {
  nb::class_<ScopeTrigger>(module, "ScopeTrigger", "When a scope acquires.")
      .def("__repr__", [](const ScopeTrigger&) { return "<trigger of a scope>"; })
      .def(
          "setup_edge",
          [](nb::handle_t<ScopeTrigger> self, nb::handle source, Number level, Word slope, Word coupling, Word mode) {
            const auto& trigger = nb::cast<const ScopeTrigger&>(self);
            if (!mode.is_none() && name_from(mode, "mode of a trigger") != "EDGE") {
              throw ConfigurationError("setup_edge sets up edge triggers; leave mode out, or give \"EDGE\"");
            }
            (void)trigger.setup_edge(source_from(source), level, slope_from(slope), trigger_coupling_from(coupling));
            return self;
          },
          nb::arg("source"), nb::arg("level"), nb::arg("slope") = "POSITIVE", nb::arg("coupling").none() = nb::none(),
          nb::arg("mode").none() = nb::none(), "\"CH1\", \"external\" or \"line\"; the level in volts.")
      .def(
          "set_source",
          [](nb::handle_t<ScopeTrigger> self, nb::handle source) {
            (void)nb::cast<const ScopeTrigger&>(self).set_source(source_from(source));
            return self;
          },
          nb::arg("source"), "\"CH1\", \"external\" or \"line\".")
      .def("set_level", chained(&ScopeTrigger::set_level), nb::arg("level"), "Volts.")
      .def(
          "set_slope",
          [](nb::handle_t<ScopeTrigger> self, Word slope) {
            (void)nb::cast<const ScopeTrigger&>(self).set_slope(slope_from(slope));
            return self;
          },
          nb::arg("slope"), "\"positive\", \"negative\", \"either\" or \"alternate\".")
      .def(
          "set_sweep",
          [](nb::handle_t<ScopeTrigger> self, Word sweep) {
            (void)nb::cast<const ScopeTrigger&>(self).set_sweep(named<TriggerSweep>(sweep, "sweep of a trigger"));
            return self;
          },
          nb::arg("sweep"), "\"automatic\" or \"normal\".")
      .def("single", chained(&ScopeTrigger::single), "Arms for one acquisition and returns at once.")
      .def("run", chained(&ScopeTrigger::run))
      .def("stop", chained(&ScopeTrigger::stop))
      .def("force", chained(&ScopeTrigger::force), "Triggers now, whatever the signal.")
      .def("wait", &wait_for, nb::arg("timeout") = nb::none(),
           "Waits until the acquisition is complete: False where it is not within `timeout` seconds, TimeoutError "
           "where none is given.");
}

void bind_acquisition(nb::module_& module) {
  nb::class_<ScopeAcquisition> acquisition(module, "ScopeAcquisition", "How a scope acquires.");
  acquisition.def("__repr__", [](const ScopeAcquisition&) { return "<acquisition of a scope>"; });
  for (const char* name : {"set_type", "set_acquisition_type"}) {
    acquisition.def(
        name,
        [](nb::handle_t<ScopeAcquisition> self, Word type) {
          (void)nb::cast<const ScopeAcquisition&>(self).set_type(named<AcquisitionType>(type, "type of acquisition"));
          return self;
        },
        nb::arg("type"), "\"normal\", \"average\", \"high_resolution\" or \"peak\".");
  }
  const auto set_average_count = [](nb::handle_t<ScopeAcquisition> self, int count) {
    (void)nb::cast<const ScopeAcquisition&>(self).set_average_count(count);
    return self;
  };
  const auto type = [](const ScopeAcquisition& self) { return std::string(name_of(self.type())); };
  acquisition.def("get_type", type)
      .def("get_acquisition_type", type)
      .def("set_average_count", set_average_count, nb::arg("count"))
      .def("set_acquisition_average_count", set_average_count, nb::arg("count"))
      .def("get_average_count", &ScopeAcquisition::average_count)
      .def("get_acquisition_average_count", &ScopeAcquisition::average_count)
      .def("get_acquire_points", &ScopeAcquisition::points)
      .def("get_acquisition_sample_rate", &ScopeAcquisition::sample_rate);
}

void bind_record(nb::module_& module) {
  nb::class_<ScopeRecord>(module, "ScopeRecord", "What one acquisition left on one or several channels.")
      .def_ro("channels", &ScopeRecord::channels)
      .def_ro("waveforms", &ScopeRecord::waveforms, "One a channel, in volts, on one time axis.")
      .def_ro("sampling_rate", &ScopeRecord::sampling_rate, "Hz")
      .def_prop_ro(
          "at_ns", [](const ScopeRecord& self) { return self.at.nanoseconds; }, "Nanoseconds since 1970, UTC.")
      .def_ro("instrument", &ScopeRecord::instrument)
      .def_ro("clipped", &ScopeRecord::clipped, "Samples at the end of the converter's range.")
      .def(
          "to_frame", [](const ScopeRecord& self) { return object_from(Value(self.to_frame())); },
          "\"Time (s)\", \"Channel 1 (V)\" and so on.");
}

void bind_time_axis(Class& scope) {
  scope.def("set_timebase_scale", calling(&Oscilloscope::set_timebase_scale), nb::arg("scale"), "Seconds a division.")
      .def("set_timebase_position", calling(&Oscilloscope::set_timebase_position), nb::arg("position"), "Seconds.")
      .def("set_time_axis", calling(&Oscilloscope::set_time_axis), nb::arg("scale"), nb::arg("position"))
      .def(
          "get_time_axis",
          [](Oscilloscope& self) {
            const ScopeAxis axis = self.get_time_axis();
            return std::vector<double>{axis.scale, axis.position};
          },
          "Scale and position, in seconds.")
      .def("set_acquisition_time", calling(&Oscilloscope::set_acquisition_time), nb::arg("time"),
           "The time that the whole screen shows.");
}

void bind_channels(Class& scope) {
  scope
      .def_prop_ro(
          "channels",
          [](nb::handle_t<Oscilloscope> self) {
            const nb::object numbers = nb::cast(nb::cast<const Oscilloscope&>(self).channels());
            return nb::module_::import_("wheatstone.instruments.scope_channels").attr("ChannelNumbers")(self, numbers);
          },
          nb::sig("def channels(self) -> wheatstone.instruments.scope_channels.ChannelNumbers"),
          "The numbers of its channels; called with some of them, those channels at once.")
      .def(
          "several_channels",
          [](Oscilloscope& self, nb::handle channels) { return self.channels(channels_from(channels)); },
          nb::arg("channels"), nb::keep_alive<0, 1>())
      .def("channel", calling(&Oscilloscope::channel), nb::arg("number"), nb::keep_alive<0, 1>())
      .def("set_channel_scale", calling(&Oscilloscope::set_channel_scale), nb::arg("channel"), nb::arg("scale"),
           "Volts a division.")
      .def("set_channel_offset", calling(&Oscilloscope::set_channel_offset), nb::arg("channel"), nb::arg("offset"))
      .def("set_channel_axis", calling(&Oscilloscope::set_channel_axis), nb::arg("channel"), nb::arg("scale"),
           nb::arg("offset"))
      .def(
          "get_channel_axis",
          [](Oscilloscope& self, Channel channel) {
            const ScopeAxis axis = self.get_channel_axis(channel);
            return std::vector<double>{axis.scale, axis.position};
          },
          nb::arg("channel"), "Scale and offset, in volts.")
      .def(
          "set_channel_coupling",
          [](Oscilloscope& self, Channel channel, Word coupling) {
            self.set_channel_coupling(channel, named<Coupling>(coupling, "coupling of a channel"));
          },
          nb::arg("channel"), nb::arg("coupling"), "\"DC\" or \"AC\".")
      .def(
          "set_probe_attenuation",
          [](Oscilloscope& self, Channel channel, nb::handle factor) {
            self.set_probe_attenuation(channel, attenuation_from(factor));
          },
          nb::arg("channel"), nb::arg("attenuation"), "10 or \"10:1\" for a 10:1 probe.")
      .def("get_probe_attenuation", calling(&Oscilloscope::get_probe_attenuation), nb::arg("channel"))
      .def(
          "set_bandwidth_limit",
          [](Oscilloscope& self, Channel channel, nb::handle limit) {
            self.set_bandwidth_limit(channel, limit_from(limit).value_or(false));
          },
          nb::arg("channel"), nb::arg("bandwidth").none())
      .def(
          "display_channel",
          [](Oscilloscope& self, nb::handle channel, bool state) {
            for (const int number : channels_from(channel)) self.display_channel(number, state);
          },
          nb::arg("channel"), nb::arg("state") = true)
      .def(
          "enable_channel", [](Oscilloscope& self, Channel channel) { self.display_channel(channel, true); },
          nb::arg("channel"))
      .def(
          "disable_channel", [](Oscilloscope& self, Channel channel) { self.display_channel(channel, false); },
          nb::arg("channel"))
      .def("is_channel_displayed", calling(&Oscilloscope::is_channel_displayed), nb::arg("channel"));
}

// What scripts of the seed's system type for setup_edge(): the edge of a channel, or of another source.
void configure_trigger(Oscilloscope& self, Channel channel, Number level, nb::handle source, Word trigger_type,
                       Word slope, Word mode) {
  if (name_from(mode, "mode of a trigger") != "EDGE")
    throw ConfigurationError("configure_trigger() sets up edge triggers; leave mode out, or give \"EDGE\"");
  if (name_from(trigger_type, "type of a trigger") != "HIGH")
    throw ConfigurationError("configure_trigger() sets up edge triggers, which have no trigger_type; leave it out");
  const int number = channel;
  self.setup_edge(source.is_none() ? TriggerSource(number) : source_from(source), level, slope_from(slope));
}

void bind_triggering(Class& scope) {
  scope
      .def("configure_trigger", &configure_trigger, nb::arg("channel"), nb::arg("level"),
           nb::arg("source").none() = nb::none(), nb::arg("trigger_type") = "HIGH", nb::arg("slope") = "positive",
           nb::arg("mode") = "EDGE",
           "Triggers on an edge of a channel at a level in volts; `source` names another source. As setup_edge().")
      .def(
          "set_trigger_source",
          [](Oscilloscope& self, nb::handle source) { self.set_trigger_source(source_from(source)); },
          nb::arg("source"), "A channel, \"external\" or \"line\".")
      .def(
          "set_trigger_level",
          [](Oscilloscope& self, Number level, nb::handle source) {
            self.set_trigger_level(level, source.is_none() ? std::nullopt : std::optional(source_from(source)));
          },
          nb::arg("level"), nb::arg("source").none() = nb::none(), "Volts, of the source in force or of one named.")
      .def(
          "set_trigger_slope", [](Oscilloscope& self, Word slope) { self.set_trigger_slope(slope_from(slope)); },
          nb::arg("slope"), "\"positive\", \"negative\", \"either\" or \"alternate\".");
  for (const char* name : {"set_trigger_sweep", "set_trigger_mode"}) {
    scope.def(
        name,
        [](Oscilloscope& self, Word sweep) {
          self.set_trigger_sweep(named<TriggerSweep>(sweep, "sweep of a trigger"));
        },
        nb::arg("sweep"), "\"automatic\" or \"normal\".");
  }
}

void bind_acquiring(Class& scope) {
  scope.def_prop_ro("trigger", &Oscilloscope::trigger, nb::keep_alive<0, 1>())
      .def_prop_ro("acquisition", &Oscilloscope::acquisition, nb::keep_alive<0, 1>())
      .def("auto_scale", &Oscilloscope::auto_scale)
      .def("single", &Oscilloscope::single, "Arms for one acquisition and returns at once.")
      .def("run", &Oscilloscope::run)
      .def("stop", &Oscilloscope::stop)
      .def("force_trigger", &Oscilloscope::force_trigger)
      .def(
          "wait_for_trigger",
          [](Oscilloscope& self, double timeout) { return self.wait_for_trigger(seconds_from(timeout, "a timeout")); },
          nb::arg("timeout") = 10.0, "False where none came within `timeout` seconds.")
      .def(
          "digitize", [](Oscilloscope& self, const nb::args& channels) { self.digitize(channels_from(channels)); },
          nb::sig("def digitize(self, *channels: int | str) -> None"), "Acquires on those channels and waits for it.")
      .def("read_channels", &read_channels, nb::arg("channels"), nb::kw_only(), nb::arg("points") = nb::none(),
           nb::arg("digitize") = true, nb::arg("run_after") = false,
           nb::sig(
               "def read_channels(self, *channels: int | str | list[int | str], points: int | None = None, digitize: "
               "bool = True, run_after: bool = False) -> wheatstone.results.ChannelReadingResult"),
           "Acquires on those channels and reads them: a DataFrame of \"Time (s)\" and \"Channel n (V)\".")
      .def(
          "read_waveform",
          [](Oscilloscope& self, Channel channel, std::optional<int> points, bool digitize) {
            return self.read_waveform(channel, {.digitize = digitize, .points = points});
          },
          nb::arg("channel"), nb::arg("points") = nb::none(), nb::arg("digitize") = true)
      .def("get_sampling_rate", &Oscilloscope::sample_rate, "Hz");
}

void bind_scope_measurements(Class& scope) {
  scope.def("measure_voltage_peak_to_peak", measuring(&Oscilloscope::measure_voltage_peak_to_peak), nb::arg("channel"))
      .def("measure_vpp", measuring(&Oscilloscope::measure_vpp), nb::arg("channel"))
      .def("measure_rms_voltage", measuring(&Oscilloscope::measure_rms_voltage), nb::arg("channel"))
      .def("measure_rms", measuring(&Oscilloscope::measure_rms), nb::arg("channel"))
      .def("measure_amplitude", measuring(&Oscilloscope::measure_amplitude), nb::arg("channel"))
      .def("measure_mean", measuring(&Oscilloscope::measure_mean), nb::arg("channel"))
      .def("measure_maximum", measuring(&Oscilloscope::measure_maximum), nb::arg("channel"))
      .def("measure_minimum", measuring(&Oscilloscope::measure_minimum), nb::arg("channel"))
      .def("measure_frequency", measuring(&Oscilloscope::measure_frequency), nb::arg("channel"))
      .def("measure_period", measuring(&Oscilloscope::measure_period), nb::arg("channel"));
}

}  // namespace

void bind_oscilloscope(nb::module_& module) {
  bind_record(module);
  bind_channel(module);
  bind_several(module);
  bind_trigger(module);
  bind_acquisition(module);
  Class scope(module, "Oscilloscope", "A digital oscilloscope. Channels count from 1; volts and seconds.");
  bind_time_axis(scope);
  bind_channels(scope);
  bind_triggering(scope);
  bind_acquiring(scope);
  bind_scope_measurements(scope);
}

}  // namespace wheatstone::python
