#pragma once
// Acquisitions and derived columns that are Python functions, called with arguments by name.

#include <nanobind/nanobind.h>

#include <string>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/unit.hpp>

#include "python_call.hpp"
#include "python_results.hpp"

namespace wheatstone::python {

namespace nb = nanobind;

/// Takes what a PythonCall returns, and what it added to the row so far, as results. Everything here needs the
/// interpreter's lock, which the threads of a run hold; the destructor takes it.
class PythonAcquisition final : public binding::Acquisition {
 public:
  /// `kind` is what sentences call it: "acquisition" or "baseline".
  PythonAcquisition(std::string_view kind, std::string name, AcquisitionOptions options);
  ~PythonAcquisition() override;

  void belong_to(MeasurementSession& session) { call_.belong_to(session); }
  /// Takes the function, where its arguments come from, and the classes of errors after which it is called again.
  /// `uses`: see uses().
  void bind(nb::object function, const std::vector<Argument>& arguments, nb::tuple retry_on,
            std::vector<std::string> uses);
  void unbind();

  [[nodiscard]] const std::vector<std::string>& uses() const override { return uses_; }

  /// KeyboardInterrupt, SystemExit and their like are none, nor is a wait that an abort has cut short.
  [[nodiscard]] bool is_failure(const std::exception_ptr& error) const override;
  [[nodiscard]] bool may_retry(const std::exception_ptr& error) const override;

  /// REQUIRES: bound.
  void measure(const Point& point, Row& out) override;

 private:
  /// The returned results with those that the function added to the row so far, the returned ones last.
  [[nodiscard]] nb::object with_added(nb::handle results) const;

  PythonCall call_;
  PythonResults results_;
  nb::object retry_on_;
  std::vector<std::string> uses_;
};

/// Takes what a PythonCall makes of a row as the column of its name, or a mapping as columns by its keys. Without a
/// call where the row lacks what it asks for: nulls in the columns that it had before. Held and locked as
/// PythonAcquisition.
class PythonDerivation final : public binding::Acquisition {
 public:
  /// The unit replaces that of each value, where it is not empty.
  PythonDerivation(std::string name, std::string_view unit);
  ~PythonDerivation() override;

  void belong_to(MeasurementSession& session) { call_.belong_to(session); }
  void bind(nb::object function, const std::vector<Argument>& arguments) { call_.bind(std::move(function), arguments); }
  void unbind();

  /// REQUIRES: bound.
  void measure(const Point& point, Row& out) override;

 private:
  void set_nulls(Row& out) const;

  PythonCall call_;
  PythonResults results_;
  Unit unit_;
};

}  // namespace wheatstone::python
