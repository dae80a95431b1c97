#include "python_acquisition.hpp"

#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>
#include <wheatstone/instrument.hpp>

#include "arguments.hpp"
#include "bindings.hpp"
#include "raised_in_python.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {

PythonAcquisition::PythonAcquisition(std::string_view kind, std::string name, AcquisitionOptions options)
    : Acquisition(name, std::move(options)), results_(fmt::format("{} '{}'", kind, name)) {}

PythonAcquisition::~PythonAcquisition() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonAcquisition::bind(nb::object function, const std::vector<Argument>& arguments, nb::tuple retry_on,
                             std::vector<std::string> uses) {
  call_.bind(std::move(function), arguments);
  retry_on_ = std::move(retry_on);
  uses_ = std::move(uses);
}

void PythonAcquisition::unbind() {
  call_.unbind();
  results_.clear();
  retry_on_.reset();
}

bool PythonAcquisition::is_failure(const std::exception_ptr& error) const {
  const nb::object raised = exception_of(error);
  return PyObject_IsInstance(raised.ptr(), PyExc_Exception) == 1 &&
         !nb::isinstance(raised, nb::module_::import_("wheatstone.errors").attr("Interrupted"));
}

bool PythonAcquisition::may_retry(const std::exception_ptr& error) const {
  return nb::isinstance(exception_of(error), retry_on_);
}

void PythonAcquisition::measure(const Point& point, Row& out) {
  try {
    nb::object results = call_(point);
    if (call_.row().is_valid()) {
      const bool is_all_in_row = results.is_none() && nb::len(call_.row()) > nb::len(call_.given());
      if (is_all_in_row) results = nb::dict();
      if (is_mapping(results)) results = with_added(results);
    }
    results_.take(results, out);
  } catch (const nb::python_error& error) {
    throw call_.raised(error);
  }
}

nb::object PythonAcquisition::with_added(nb::handle results) const {
  const nb::dict row = nb::borrow<nb::dict>(call_.row());
  const nb::dict given = nb::borrow<nb::dict>(call_.given());
  nb::dict all;
  for (const auto& [key, value] : row) {
    if (!given.contains(key)) {
      all[key] = value;
    } else if (!nb::object(given[key]).is(value)) {
      throw DataError(
          fmt::format("{} changed {} in ctx, which the row holds already; add its value under a name of its own",
                      results_.source(), shown(key)));
    }
  }
  if (all.size() == 0) return nb::borrow(results);
  all.attr("update")(results);
  return all;
}

PythonDerivation::PythonDerivation(std::string name, std::string_view unit)
    : Acquisition(name), results_(fmt::format("derived column '{}'", name)), unit_(unit) {}

PythonDerivation::~PythonDerivation() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonDerivation::unbind() {
  call_.unbind();
  results_.clear();
}

void PythonDerivation::measure(const Point& point, Row& out) {
  try {
    call_.fill(point);
    if (call_.lacks_input()) return set_nulls(out);
    const nb::object result = call_.call();
    if (result.is_none()) return set_nulls(out);
    if (is_mapping(result)) {
      results_.take(result, out);
    } else {
      const nb::object key = text_of(name());
      nb::dict one;
      one[key] = result;
      results_.take(one, out);
    }
  } catch (const nb::python_error& error) {
    throw call_.raised(error);
  }
  if (unit_.empty()) return;
  for (std::size_t i = 0; i < out.size(); ++i) out[i].value.set_unit(unit_);
}

void PythonDerivation::set_nulls(Row& out) const {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].value = Value();
    out[i].value.set_unit(unit_);
  }
}

namespace {

/// A function that is asked without a point.
Trigger trigger_from(nb::handle given) {
  if (given.is_none()) return {};
  if (nb::isinstance<Instrument>(given)) return nb::cast<Instrument&>(given);
  return [call = nb::cast<std::shared_ptr<PythonCall>>(given)] {
    const Point::Data nowhere;
    return is_true(*call, Point(nowhere));
  };
}

std::optional<Duration> optional_seconds(std::optional<double> seconds, std::string_view what) {
  if (!seconds) return std::nullopt;
  return seconds_from(*seconds, what);
}

void make_acquisition(PythonAcquisition* self, std::string_view kind, const std::string& name, std::uint32_t samples,
                      std::uint32_t retries, double backoff, bool skip, std::optional<double> interval,
                      nb::handle trigger, std::optional<double> poll) {
  new (self) PythonAcquisition(kind, name,
                               {.samples = samples,
                                .retries = retries,
                                .backoff = seconds_from(backoff, "a backoff"),
                                .on_error = skip ? OnError::skip : OnError::fail,
                                .interval = optional_seconds(interval, "an interval"),
                                .trigger = trigger_from(trigger),
                                .poll = optional_seconds(poll, "a poll time")});
}

}  // namespace

void bind_acquisitions(nb::module_& module) {
  nb::class_<PythonAcquisition>(module, "Acquisition", "A function that measures, at each point or as a baseline.")
      .def("__init__", &make_acquisition, nb::arg("kind"), nb::arg("name"), nb::arg("samples"), nb::arg("retries"),
           nb::arg("backoff"), nb::arg("skip"), nb::arg("interval").none(), nb::arg("trigger").none(),
           nb::arg("poll").none(), "The trigger is a Call, an Instrument or None.")
      .def("unbind", &PythonAcquisition::unbind)
      .def(
          "bind",
          [](PythonAcquisition& self, nb::object function, const std::vector<GivenArgument>& arguments,
             nb::tuple retry_on, std::vector<std::string> uses) {
            self.bind(std::move(function), arguments_from(arguments), std::move(retry_on), std::move(uses));
          },
          nb::arg("function"), nb::arg("arguments"), nb::arg("retry_on"), nb::arg("uses"),
          "See Call.bind(); `uses` has the aliases of the instruments that it uses, for parallel runs.");
  nb::class_<PythonDerivation>(module, "Derivation", "A function that makes columns of a row.")
      .def(nb::init<std::string, std::string_view>(), nb::arg("name"), nb::arg("unit"))
      .def("unbind", &PythonDerivation::unbind)
      .def(
          "bind",
          [](PythonDerivation& self, nb::object function, const std::vector<GivenArgument>& arguments) {
            self.bind(std::move(function), arguments_from(arguments));
          },
          nb::arg("function"), nb::arg("arguments"), "See Call.bind().");
}

}  // namespace wheatstone::python
