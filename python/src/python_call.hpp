#pragma once
// A Python function that the loop calls at a point, with arguments by name.

#include <nanobind/nanobind.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>
#include <wheatstone/binding.hpp>
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
  cell,       ///< the parameter's value, as the point has it: where the plan may be further on
  result,     ///< what an acquisition of the point returned under that name
  timestamp,  ///< the point's start
  resumed,    ///< whether the point is the first after an unfinished run went on
  row,        ///< the row so far, a dict; what an acquisition adds to it are results
};

/// One argument: its name, where it comes from, and of
/// - a constant: itself
/// - a parameter: its values
/// - a result: a tuple of the default that is taken where no row has it; None without one
/// - a row or timestamp: whether instants are in seconds
struct Argument {
  nb::object name;
  ArgumentSource source = ArgumentSource::constant;
  std::size_t parameter = 0;  ///< ordinal of the parameter
  nb::object object;
};

/// As the package gives it: name, source by its name, ordinal of the parameter, and the object of above.
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

  /// The session whose loop calls it, and which outlives what is bound; a KeyboardInterrupt aborts its run.
  void belong_to(MeasurementSession& session) { session_ = &session; }
  [[nodiscard]] RaisedInPython raised(const nb::python_error& error) const { return raised_in_loop(error, session_); }

  /// Takes the function, and where its arguments come from.
  void bind(nb::object function, const std::vector<Argument>& arguments);
  void unbind();

  /// What the function returns at this point. Throws nb::python_error. REQUIRES: bound.
  [[nodiscard]] nb::object operator()(const Point& point) {
    fill(point);
    return call();
  }
  /// The same in two steps.
  void fill(const Point& point);
  [[nodiscard]] nb::object call();
  /// Whether a parameter or result among the arguments is None at the point of the last fill().
  [[nodiscard]] bool lacks_input() const;

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

  /// An argument that is neither constant nor steady.
  struct Looked {
    std::size_t argument;
    ArgumentSource source;
    std::size_t parameter;
    std::string name = {};
    nb::object fallback = {};  ///< of a result; invalid where it has none
    bool is_in_rows = false;   ///< whether a row had the result
    bool is_fallback = false;  ///< whether `value` is the fallback
    nb::object value = {};
  };

  void look(Looked& looked, const Point& point);
  void look_for_result(Looked& looked, const Point& point);

  MeasurementSession* session_ = nullptr;
  nb::object function_;
  nb::object names_;              ///< tuple of argument names
  nb::object keep_;               ///< list of constants and of lists of values
  std::vector<PyObject*> slots_;  ///< arguments, after one slot that the callee may use; borrowed from keep_ or values
  std::vector<Varied> varied_;
  std::vector<Looked> looked_;
  bool timestamp_as_seconds_ = false;  ///< else a datetime
  nb::object row_;                     ///< a dict, as the function got it
  nb::object given_;                   ///< a copy of it
  bool in_call_ = false;
  const std::atomic<bool>& any_let_go_ = binding::any_let_go();
};

/// The same at a point, its errors on their way through the loop.
[[nodiscard]] nb::object called(PythonCall& call, const Point& point);
/// Whether it returns something true.
[[nodiscard]] bool is_true(PythonCall& call, const Point& point);

/// A row as a dict, its instant as a datetime or in seconds since 1970.
[[nodiscard]] nb::dict dict_from(const Row& row, bool timestamp_as_seconds);

}  // namespace wheatstone::python
