#pragma once
// A Python function that the loop calls at a point, with arguments by name.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <tuple>
#include <vector>
#include <wheatstone/point.hpp>
#include <wheatstone/session.hpp>

#include "raised_in_python.hpp"

namespace wheatstone::python {

namespace nb = nanobind;

/// Whether Ctrl-C has ended a function that the loop called since this was last asked. In the main thread only, where
/// Python raises KeyboardInterrupt.
[[nodiscard]] bool take_keyboard_interrupt();

/// What Python raised in a function that the loop called. A KeyboardInterrupt aborts the run of `session`, which may be
/// null.
[[nodiscard]] RaisedInPython raised_in_loop(const nb::python_error& error, MeasurementSession* session);

/// What an argument receives at each point.
enum class ArgumentSource : std::uint8_t {
  constant,   ///< the same object at every point: an instrument
  parameter,  ///< the parameter's value, as it was registered
  row,        ///< the row so far, a dict; what an acquisition adds to it are results
};

/// One argument: its name, where it comes from, and the constant, the parameter's values, or whether the row's
/// timestamp is in seconds.
struct Argument {
  nb::object name;
  ArgumentSource source = ArgumentSource::constant;
  std::size_t parameter = 0;  ///< ordinal of the parameter
  nb::object object;
};

/// As the package gives it: name, "constant", "parameter" or "row", ordinal of the parameter, and the object of above.
using GivenArgument = std::tuple<std::string, std::string, std::size_t, nb::object>;
[[nodiscard]] std::vector<Argument> arguments_from(const std::vector<GivenArgument>& given);

/// Calls a function by the vectorcall protocol with a tuple of names made once; at each point only the arguments of
/// parameters whose value changed are replaced. The function is held from bind() to unbind() only: a session that held
/// it for longer would keep itself alive through the function's closure, unseen by Python's collector. Everything here
/// needs the interpreter's lock, which the thread that runs the session holds; the destructor takes it.
class PythonCall {
 public:
  PythonCall() = default;
  ~PythonCall();
  PythonCall(const PythonCall&) = delete;
  PythonCall& operator=(const PythonCall&) = delete;

  /// Takes the function, and where its arguments come from.
  void bind(nb::object function, const std::vector<Argument>& arguments);
  void unbind();

  /// What the function returns at this point. Throws nb::python_error. REQUIRES: bound.
  [[nodiscard]] nb::object operator()(const Point& point);

  /// The row so far, as the function got it, and a copy that it did not get; invalid where no argument is the row.
  [[nodiscard]] const nb::object& row() const { return row_; }
  [[nodiscard]] const nb::object& given() const { return given_; }

 private:
  struct Varied {
    std::size_t argument;
    std::size_t parameter;
    PyObject* values;  ///< by position, owned by keep_
    bool is_steady;    ///< whether a position has the same value at every point
    std::size_t position;
    nb::object value;  ///< of `position`
  };

  void fill(const Point& point);

  nb::object function_;
  nb::object names_;              ///< tuple of argument names
  nb::object keep_;               ///< list of constants and of lists of values
  std::vector<PyObject*> slots_;  ///< arguments, after one slot that the callee may use; borrowed from keep_ or values
  std::vector<Varied> varied_;
  std::vector<std::size_t> row_arguments_;
  bool timestamp_as_seconds_ = false;  ///< in the row so far; else a datetime
  nb::object row_;                     ///< a dict, as the function got it
  nb::object given_;                   ///< a copy of it
};

/// A row as a dict, its instant as a datetime or in seconds since 1970.
[[nodiscard]] nb::dict dict_from(const Row& row, bool timestamp_as_seconds);

}  // namespace wheatstone::python
