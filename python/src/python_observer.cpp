#include "python_observer.hpp"

#include <utility>

#include "interpreter.hpp"
#include "python_call.hpp"
#include "raised_in_python.hpp"
#include "text.hpp"

namespace wheatstone::python {

PythonObserver::~PythonObserver() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonObserver::bind(nb::object function, bool timestamp_as_seconds) {
  function_ = std::move(function);
  timestamp_as_seconds_ = timestamp_as_seconds;
}

void PythonObserver::unbind() { function_.reset(); }

void PythonObserver::see(const Row& row) const {
  const nb::object function = function_;  // held here too: the run may end and unbind it
  if (!function.is_valid()) return;
  const nb::tuple arguments = nb::make_tuple(dict_from(row, timestamp_as_seconds_));
  if (!nb::steal(call_with(function.ptr(), arguments.ptr(), nullptr)).is_valid()) {
    throw RaisedInPython(nb::python_error());
  }
}

binding::Observer make_observer(const std::string& name, std::size_t queue, std::shared_ptr<PythonObserver> observer) {
  binding::Observer made;
  made.name = name;
  made.queue = queue;
  made.see = [observer = std::move(observer)](const Row& row) { observer->see(row); };
  made.launch = [name](std::function<void()> body) {
    const nb::object thread = nb::module_::import_("threading").attr("Thread");
    thread(nb::arg("target") = nb::cpp_function(std::move(body)), nb::arg("name") = text_of(name),
           nb::arg("daemon") = true)
        .attr("start")();
  };
  return made;
}

}  // namespace wheatstone::python
