#pragma once
// A condition of suspend_when that is a Python function.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/session.hpp>

namespace wheatstone::python {

namespace nb = nanobind;

/// A function that is called with arguments by name, held from bind() to unbind() only, as in PythonAcquisition.
/// Everything here needs the interpreter's lock; the destructor takes it.
class PythonCondition final : public binding::Condition {
 public:
  PythonCondition() = default;
  ~PythonCondition() override;

  /// `constants` by name; of each of `parameters`, its name and ordinal.
  void bind(nb::object function, nb::dict constants, std::vector<std::pair<std::string, std::size_t>> parameters);
  void unbind();

  bool holds(const Point& next) override;

 private:
  nb::object function_;
  nb::object constants_;
  std::vector<std::pair<std::string, std::size_t>> parameters_;
};

}  // namespace wheatstone::python
