#include <fmt/core.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>
#include <wheatstone/reading.hpp>
#include <wheatstone/value.hpp>

#include <memory>

#include "bindings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

using Samples = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

void bind_waveform(nb::module_& module) {
  nb::class_<Waveform>(module, "Waveform",
                       "A sampled signal: sample k was taken at t0 + k * dt, in seconds relative to the trigger.")
      .def(
          "__init__",
          [](Waveform* self, double t0, double dt, const Samples& samples, const std::string& unit) {
            new (self)
                Waveform{t0, dt, std::vector<double>(samples.data(), samples.data() + samples.size()), Unit(unit)};
          },
          nb::arg("t0"), nb::arg("dt"), nb::arg("samples"), nb::arg("unit") = "")
      .def_ro("t0", &Waveform::t0, "Time of the first sample, in seconds.")
      .def_ro("dt", &Waveform::dt, "Seconds between samples.")
      .def_prop_ro(
          "unit", [](const Waveform& self) { return text_of(self.unit.label()); }, nb::sig("def unit(self) -> str"),
          "Unit of the samples.")
      .def_prop_ro(
          "samples",
          [](nb::handle_t<Waveform> self) {
            const auto& waveform = nb::cast<const Waveform&>(self);
            const std::size_t shape[] = {waveform.samples.size()};
            return nb::ndarray<nb::numpy, const double, nb::ndim<1>>(waveform.samples.data(), 1, shape, self);
          },
          "The samples, shared and read-only.")
      .def("__repr__",
           [](const Waveform& self) {
             return fmt::format("<Waveform of {} samples{}{}, t0 = {} s, dt = {} s>", self.samples.size(),
                                self.unit.label().empty() ? "" : " in ", self.unit.label(), self.t0, self.dt);
           })
      .def("__len__", [](const Waveform& self) { return self.samples.size(); });
}

ReadingStatus status_named(const std::string& name) {
  using enum ReadingStatus;
  for (const ReadingStatus status : {ok, overload, overload_low, not_a_number}) {
    if (name_of(status) == name) return status;
  }
  throw DataError("'" + name + "' is no status of a reading");
}

void make_reading(Reading* self, double value, const std::string& unit, double uncertainty,
                  const std::string& instrument, const std::string& quantity, std::int64_t at_ns,
                  const std::string& status, const std::string& text) {
  new (self) Reading{.value = value,
                     .unit = Unit(unit),
                     .uncertainty = uncertainty,
                     .status = status_named(status),
                     .at = Time{at_ns},
                     .text = text,
                     .instrument = instrument,
                     .quantity = quantity};
}

void bind_reading(nb::module_& module) {
  nb::class_<Reading>(module, "Reading", "A value as an instrument gave it.")
      .def("__init__", &make_reading, nb::arg("value"), nb::arg("unit") = "",
           nb::arg("uncertainty") = std::numeric_limits<double>::quiet_NaN(), nb::arg("instrument") = "",
           nb::arg("quantity") = "", nb::arg("at_ns") = 0, nb::arg("status") = "ok", nb::arg("text") = "")
      .def_ro("value", &Reading::value)
      .def_ro("uncertainty", &Reading::uncertainty)
      .def_prop_ro(
          "number", [](const Reading& self) { return number_from(self.value, self.unit, self.uncertainty); },
          nb::sig("def number(self) -> wheatstone.quantity.Quantity"))
      .def_prop_ro(
          "unit", [](const Reading& self) { return text_of(self.unit.label()); }, nb::sig("def unit(self) -> str"))
      .def_prop_ro(
          "status", [](const Reading& self) { return text_of(name_of(self.status)); },
          nb::sig("def status(self) -> str"))
      .def_prop_ro(
          "text", [](const Reading& self) { return text_of(self.text); }, nb::sig("def text(self) -> str"))
      .def_prop_ro(
          "instrument", [](const Reading& self) { return text_of(self.instrument); },
          nb::sig("def instrument(self) -> str"))
      .def_prop_ro(
          "quantity", [](const Reading& self) { return text_of(self.quantity); }, nb::sig("def quantity(self) -> str"))
      .def_prop_ro("at_ns", [](const Reading& self) { return self.at.nanoseconds; }, "Nanoseconds since 1970, UTC.");
}

}  // namespace

void bind_value(nb::module_& module) {
  bind_waveform(module);
  bind_reading(module);
  nb::class_<Value>(module, "Value", "What a cell of a table keeps of a Python object.")
      .def(
          "__init__", [](Value* self, nb::handle object) { new (self) Value(value_from(object)); },
          nb::arg("object").none())
      .def_prop_ro(
          "kind", [](const Value& self) { return text_of(name_of(self.kind())); }, nb::sig("def kind(self) -> str"),
          "\"null\", \"bool\", \"int64\", \"float64\", \"complex\", \"text\", \"bytes\", \"time\", \"array\", "
          "\"waveform\" or \"frame\".")
      .def_prop_ro(
          "unit", [](const Value& self) { return text_of(self.unit().label()); }, nb::sig("def unit(self) -> str"))
      .def_prop_ro("uncertainty", &Value::uncertainty, "Standard uncertainty; NaN where unknown.")
      .def_prop_ro("content", [](const Value& self) { return object_from(self); }, "The content as a Python object.");
}

}  // namespace wheatstone::python
