#pragma once
// An acquisition that is a Python function, called with arguments by name.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/session.hpp>

#include "python_call.hpp"

namespace wheatstone::python {

namespace nb = nanobind;

/// Takes the results of a PythonCall as a row. Everything here needs the interpreter's lock, which the thread that runs
/// the session holds; the destructor takes it.
class PythonAcquisition final : public binding::Acquisition {
 public:
  explicit PythonAcquisition(std::string name);
  ~PythonAcquisition() override;

  /// Takes the function, and where its arguments come from.
  void bind(nb::object function, const std::vector<Argument>& arguments) { call_.bind(std::move(function), arguments); }
  void unbind();

  /// The session that this is registered with, which owns it; a KeyboardInterrupt aborts its run.
  void belong_to(MeasurementSession& session) { session_ = &session; }

  /// REQUIRES: bound.
  void measure(const Point& point, Row& out) override;

 private:
  void take_results(nb::handle results, Row& out);
  /// The returned results with those that the function added to the row so far, the returned ones last.
  [[nodiscard]] nb::object with_added(nb::handle results) const;
  void set_result(std::size_t i, PyObject* key, PyObject* value, Row& out);

  MeasurementSession* session_ = nullptr;
  PythonCall call_;
  std::vector<nb::object> keys_;  ///< of the previous results: the same objects mean the same keys
};

}  // namespace wheatstone::python
