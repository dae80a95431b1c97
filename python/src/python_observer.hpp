#pragma once
// An observer that is a Python function, on a thread of Python's own.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <memory>
#include <string>
#include <wheatstone/binding.hpp>

namespace wheatstone::python {

namespace nb = nanobind;

/// A function that is called with a dict, held from bind() to unbind() only, as in PythonTask; one that is still in its
/// call when its run ends goes on with it. Everything here needs the interpreter's lock; the destructor takes it.
class PythonObserver {
 public:
  PythonObserver() = default;
  ~PythonObserver();
  PythonObserver(const PythonObserver&) = delete;
  PythonObserver& operator=(const PythonObserver&) = delete;

  void bind(nb::object function, bool timestamp_as_seconds);
  void unbind();
  /// Does nothing where it has been unbound.
  void see(const Row& row) const;

 private:
  nb::object function_;
  bool timestamp_as_seconds_ = false;
};

/// Sees on a daemon thread of the module threading, named after the observer.
[[nodiscard]] binding::Observer make_observer(const std::string& name, std::size_t queue,
                                              std::shared_ptr<PythonObserver> observer);

}  // namespace wheatstone::python
