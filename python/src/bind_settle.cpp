#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "arguments.hpp"
#include "bindings.hpp"
#include "python_settle.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

Value reading_of(PythonCall& call, const Point& point) {
  try {
    return value_from(called(call, point));
  } catch (const nb::python_error& error) {
    throw call.raised(error);
  }
}

PythonStability stability(std::optional<double> band, std::string_view unit, double over, double limit,
                          std::optional<double> every, std::string of, std::shared_ptr<PythonCall> call) {
  StableOptions options{
      .over = seconds_from(over, "over"), .limit = seconds_from(limit, "the limit"), .of = std::move(of)};
  if (every) options.every = seconds_from(*every, "every");
  if (!band) {
    return {stable([call](const Point& point) { return is_true(*call, point); }, std::move(options)), call};
  }
  if (call) options.reading = [call](const Point& point) { return reading_of(*call, point); };
  return {stable(*band, unit, std::move(options)), call};
}

}  // namespace

void bind_settle(nb::module_& module) {
  nb::class_<PythonStability>(module, "Stability", "The rest that one parameter waits for.")
      .def(
          "__init__",
          [](PythonStability* self, std::optional<double> band, std::string_view unit, double over, double limit,
             std::optional<double> every, const std::string& of, std::shared_ptr<PythonCall> reading) {
            new (self) PythonStability(stability(band, unit, over, limit, every, of, std::move(reading)));
          },
          nb::arg("band").none(), nb::arg("unit"), nb::arg("over"), nb::arg("limit"), nb::arg("every").none(),
          nb::arg("of"), nb::arg("reading").none());
}

}  // namespace wheatstone::python
