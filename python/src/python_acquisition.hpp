#pragma once
// An acquisition that is a Python function, called with arguments by name.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/session.hpp>

namespace wheatstone::python {

/// Whether Ctrl-C has ended an acquisition of Python's since this was last asked. In the main thread only, where Python
/// raises KeyboardInterrupt.
[[nodiscard]] bool take_keyboard_interrupt();

namespace nb = nanobind;

/// What an argument of an acquisition receives at each point.
enum class ArgumentSource : std::uint8_t {
  constant,   ///< the same object at every point: an instrument
  parameter,  ///< the parameter's value, as it was registered
  row,        ///< the row so far, a dict; what is added to it are results
};

/// One argument: its name, where it comes from, and the constant, the parameter's values, or whether the row's
/// timestamp is in seconds.
struct Argument {
  nb::object name;
  ArgumentSource source = ArgumentSource::constant;
  std::size_t parameter = 0;  ///< ordinal of the parameter
  nb::object object;
};

/// Calls a function by the vectorcall protocol with a tuple of names made once; at each point only the arguments of
/// parameters whose value changed are replaced. The function is held from bind() to unbind() only: a session that held
/// it for longer would keep itself alive through the function's closure, unseen by Python's collector. Everything here
/// needs the interpreter's lock, which the thread that runs the session holds; the destructor takes it.
class PythonAcquisition final : public binding::Acquisition {
 public:
  explicit PythonAcquisition(std::string name);
  ~PythonAcquisition() override;

  /// Takes the function, and where its arguments come from.
  void bind(nb::object function, const std::vector<Argument>& arguments);
  void unbind();

  /// The session that this is registered with, which owns it; a KeyboardInterrupt aborts its run.
  void belong_to(MeasurementSession& session) { session_ = &session; }

  /// REQUIRES: bound.
  void measure(const Point& point, Row& out) override;

 private:
  struct Varied {
    std::size_t argument;
    std::size_t parameter;
    PyObject* values;  ///< list, range or memoryview, owned by keep_
    std::size_t position;
    nb::object value;  ///< of `position`
  };

  void fill(const Point& point);
  [[nodiscard]] nb::object row_so_far(const Point& point) const;
  void take_results(nb::handle results, Row& out);
  /// The returned results with those that the function added to the row so far, the returned ones last.
  [[nodiscard]] nb::object with_added(nb::handle results) const;
  void set_result(std::size_t i, PyObject* key, PyObject* value, Row& out);

  MeasurementSession* session_ = nullptr;
  nb::object function_;
  nb::object names_;              ///< tuple of argument names
  nb::object keep_;               ///< list of constants and of lists of values
  std::vector<PyObject*> slots_;  ///< arguments, after one slot that the callee may use; borrowed from keep_ or values
  std::vector<Varied> varied_;
  std::vector<std::size_t> row_arguments_;
  std::vector<nb::object> keys_;       ///< of the previous results: the same objects mean the same keys
  bool timestamp_as_seconds_ = false;  ///< in the row so far; else a datetime
  nb::object row_;                     ///< a dict, as the function got it
  nb::object given_;                   ///< a copy of it
};

}  // namespace wheatstone::python
