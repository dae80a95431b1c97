#pragma once
// An exception of Python on its way through the library.

#include <nanobind/nanobind.h>

#include <exception>
#include <memory>
#include <string>

namespace wheatstone::python {

/// Carries Python's exception object with its traceback, and says in one line what it says: "ValueError: no such file".
/// Copies share the object; any thread may destroy one.
class RaisedInPython : public std::exception {
 public:
  /// REQUIRES: the caller holds the interpreter's lock.
  explicit RaisedInPython(const nanobind::python_error& error);

  [[nodiscard]] const char* what() const noexcept override { return text_->c_str(); }
  /// The exception object. REQUIRES: the caller holds the interpreter's lock.
  [[nodiscard]] nanobind::object value() const { return nanobind::borrow(object_.get()); }

 private:
  std::shared_ptr<PyObject> object_;
  std::shared_ptr<const std::string> text_;
};

/// The Python exception for any of C++'s. REQUIRES: the caller holds the interpreter's lock.
[[nodiscard]] nanobind::object exception_of(const std::exception_ptr& error);

}  // namespace wheatstone::python
