#include <nanobind/stl/pair.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>
#include <wheatstone/instrument.hpp>

#include "arguments.hpp"
#include "bindings.hpp"
#include "settings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

using Entry = std::pair<int, nb::str>;

nb::bytes block(Instrument& self, const std::string& command) {
  const Bytes contents = self.query_block(command);
  return nb::bytes(contents.data(), contents.size());
}

// As it came, a block with its header.
nb::bytes raw(Instrument& self, const std::string& command) {
  const std::string text = self.query_unchecked(command);
  return nb::bytes(text.data(), text.size());
}

nb::str answer(Instrument& self, const std::string& command, bool skip_check) {
  return said_text(skip_check ? self.query_unchecked(command) : self.query(command));
}

// `delay`: seconds that this answer may take beyond the time-out.
nb::str delayed_answer(Instrument& self, const std::string& command, std::optional<double> delay, bool skip_check) {
  if (!delay) return answer(self, command, skip_check);
  const InstrumentLock held = self.lock();
  const Duration usual = self.timeout();
  self.set_timeout(seconds_from(usual.seconds() + *delay, "a delay"));
  try {
    nb::str text = answer(self, command, skip_check);
    self.set_timeout(usual);
    return text;
  } catch (...) {
    self.set_timeout(usual);
    throw;
  }
}

std::vector<Entry> errors_of(Instrument& self) {
  std::vector<Entry> entries;
  for (const InstrumentErrorEntry& entry : self.read_errors())
    entries.emplace_back(entry.number, said_text(entry.text));
  return entries;
}

nb::dict settings_of(Instrument& self, double within) {
  return dict_of(self.settings(seconds_from(within, "a time limit")));
}

nb::list sentences_of(const std::vector<std::string>& sentences) {
  nb::list list;
  for (const std::string& sentence : sentences) list.append(sentence_of(sentence));
  return list;
}

nb::object health_of(Instrument& self) {
  constexpr const char* k_words[] = {"OK", "WARNING", "ERROR"};
  const HealthReport report = self.health_check();
  return nb::module_::import_("wheatstone.bench")
      .attr("HealthReport")(k_words[static_cast<std::size_t>(report.status)], said_text(report.identity),
                            sentences_of(report.errors), sentences_of(report.warnings));
}

void bind_identity(nb::class_<Instrument>& instrument) {
  instrument.def_prop_ro("alias", &Instrument::alias, "Its name in the session or bench.")
      .def_prop_ro("profile_name", &Instrument::profile_name, "Name of its profile, \"keysight/EDU36311A\".")
      .def_prop_ro("kind", &Instrument::kind, "Kind of its profile: \"power_supply\", \"multimeter\" and so on.")
      .def_prop_ro("address", &Instrument::address, "The VISA resource name; \"simulated\" on the simulated bench.")
      .def_prop_ro("is_simulated", &Instrument::is_simulated)
      .def_prop_ro(
          "identity", [](const Instrument& self) { return said_text(self.identity()); },
          "What *IDN? answered on connecting.")
      .def_prop_ro("connection_notes", &Instrument::connection_notes, "What was worth telling on connecting.")
      .def_prop_ro("is_open", &Instrument::is_open)
      .def(
          "id", [](Instrument& self) { return said_text(self.id()); }, "The answer to *IDN?, asked anew.")
      .def("get_scpi_version", &Instrument::scpi_version, "The year and revision of SCPI that it follows.")
      .def("__repr__", [](const Instrument& self) {
        return "<" + self.kind() + " '" + self.alias() + "' (" + self.profile_name() + ", " + self.address() + ")>";
      });
}

void bind_messages(nb::class_<Instrument>& instrument) {
  instrument
      .def("write", &Instrument::write, nb::arg("command"),
           "Sends one message as it stands, within the limits, and reads the error queue.")
      .def(
          "query", [](Instrument& self, const std::string& command) { return answer(self, command, false); },
          nb::arg("command"), "Sends one query and returns its answer, without the line's end.")
      .def("write_unchecked", &Instrument::write_unchecked, nb::arg("command"),
           "As write(), without reading the error queue: some instruments end a measurement where a question follows "
           "the command that began it.")
      .def(
          "query_unchecked", [](Instrument& self, const std::string& command) { return answer(self, command, true); },
          nb::arg("command"), "As query(), without reading the error queue.")
      .def("query_block", &block, nb::arg("command"),
           "Sends one query that answers with an IEEE 488.2 block; returns its contents.")
      .def(
          "_send_command",
          [](Instrument& self, const std::string& command, bool skip_check) {
            skip_check ? self.write_unchecked(command) : self.write(command);
          },
          nb::arg("command"), nb::arg("skip_check") = false)
      .def("_query", &delayed_answer, nb::arg("command"), nb::arg("delay") = nb::none(), nb::arg("skip_check") = false)
      .def("_query_raw", &raw, nb::arg("command"), "The answer's bytes as they came; a block has its header.");
}

void bind_status(nb::class_<Instrument>& instrument) {
  instrument.def("reset", &Instrument::reset, "*RST: the power-on settings, outputs off.")
      .def("clear", &Instrument::clear, "Device clear: drops what the instrument is doing or about to say.")
      .def("clear_status", &Instrument::clear_status, "*CLS: empties the error queue and the event registers.")
      .def("status_byte", &Instrument::status_byte, "The IEEE 488.2 status byte.")
      .def(
          "get_error",
          [](Instrument& self) {
            const InstrumentErrorEntry entry = self.next_error();
            return Entry(entry.number, said_text(entry.text));
          },
          "The oldest entry of the error queue, taken out of it; number 0 where it is empty.")
      .def("get_all_errors", &errors_of, "Empties the error queue and returns what was in it, the oldest first.")
      .def(
          "run_self_test",
          [](Instrument& self, bool) {
            const int code = self.self_test();
            return code == 0 ? std::string("Passed") : "Failed: Code " + std::to_string(code);
          },
          nb::arg("full_test") = true, "*TST?: \"Passed\", or what it answered.")
      .def(
          "wait_for_operation_complete",
          [](Instrument& self, double timeout) {
            self.wait_for_operation_complete(seconds_from(timeout, "a timeout"));
          },
          nb::arg("timeout") = 10.0, "*OPC?: returns when everything begun has been done.")
      .def("health_check", &health_of, nb::sig("def health_check(self) -> wheatstone.bench.HealthReport"),
           "How it answers when it is asked who it is; empties its error queue into the report.")
      .def("lock_panel", &Instrument::lock_panel, nb::arg("lock") = true,
           "Locks the front panel against whoever stands before it, or frees it.")
      .def("trigger_now", &Instrument::trigger_now, "*TRG, or the protocol's own trigger.");
}

void bind_holding(nb::class_<Instrument>& instrument) {
  instrument
      .def_prop_rw(
          "timeout", [](const Instrument& self) { return self.timeout().seconds(); },
          [](Instrument& self, nb::handle seconds) {
            self.set_timeout(seconds_from(number_from(seconds, "timeout"), "a timeout"));
          },
          nb::for_setter(nb::arg("seconds").none()), "How long each answer is waited for, in seconds.")
      .def(
          "set_communication_timeout",
          [](Instrument& self, double milliseconds) {
            self.set_timeout(seconds_from(milliseconds * 1e-3, "a timeout"));
          },
          nb::arg("timeout_ms"), "How long each answer is waited for, in milliseconds.")
      .def(
          "get_communication_timeout", [](const Instrument& self) { return self.timeout().seconds() * 1e3; },
          "In milliseconds.")
      .def("settings", &settings_of, nb::arg("within") = 2.0,
           "How it is set: what its profile can both set and ask for, by name; that of channels by channel.")
      .def(
          "restore",
          [](Instrument& self, nb::handle settings, bool outputs, double within) {
            return self.restore(settings_from(settings),
                                {.outputs = outputs, .within = seconds_from(within, "a time limit")});
          },
          nb::arg("settings"), nb::kw_only(), nb::arg("outputs") = false, nb::arg("within") = 30.0,
          nb::sig("def restore(self, settings: dict, *, outputs: bool = False, within: float = 30.0) -> RestoreReport"),
          "Puts settings back, as settings() returned them. Only what differs is sent. Where anything does, what is on "
          "goes off first, and goes on again last with `outputs=True`.")
      .def("lock", &Instrument::lock, nb::keep_alive<0, 1>(),
           "Holds the instrument for this thread: `with psu.lock(): ...`")
      .def(
          "make_safe", [](Instrument& self, double within) { self.make_safe(seconds_from(within, "a time limit")); },
          nb::arg("within") = 2.0, "Turns off what was turned on through this object.")
      .def_prop_ro("is_anything_on", &Instrument::is_anything_on)
      .def("cancel", &Instrument::cancel,
           "Ends the wait in progress, and each further one until resume_after_cancel().")
      .def("resume_after_cancel", &Instrument::resume_after_cancel)
      .def(
          "connect_backend", [](Instrument&) {},
          "Instruments are connected when they are handed out; nothing is left to do.")
      .def("close", &Instrument::close, "Gives the instrument back. Outputs stay as they are.")
      .def("__enter__", [](nb::handle_t<Instrument> self) { return self; })
      .def(
          "__exit__", [](Instrument& self, nb::handle, nb::handle, nb::handle) { self.close(); },
          nb::arg("type").none(), nb::arg("value").none(), nb::arg("traceback").none());
}

}  // namespace

void bind_instrument(nb::module_& module) {
  nb::class_<InstrumentLock>(module, "InstrumentLock", "Holds one instrument for one thread; a context manager.")
      .def("release", &InstrumentLock::release, "Lets go. Calls after the first do nothing.")
      .def("__enter__", [](nb::handle_t<InstrumentLock> self) { return self; })
      .def(
          "__exit__", [](InstrumentLock& self, nb::handle, nb::handle, nb::handle) { self.release(); },
          nb::arg("type").none(), nb::arg("value").none(), nb::arg("traceback").none());
  nb::class_<Instrument> instrument(module, "Instrument", nb::dynamic_attr(), "A connected instrument of any kind.");
  bind_identity(instrument);
  bind_messages(instrument);
  bind_status(instrument);
  bind_holding(instrument);
}

}  // namespace wheatstone::python
