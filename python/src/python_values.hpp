#pragma once
// Values of a parameter that Python makes while the session runs.

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>
#include <wheatstone/parameter.hpp>

#include "python_call.hpp"

namespace wheatstone::python {

/// Pulled from an object with `has(i)` and `[i]`, held from bind() to unbind() only, as in PythonCall; what was pulled
/// is kept.
class PythonStream final : public ParameterValues {
 public:
  explicit PythonStream(std::string name) : name_(std::move(name)) {}
  ~PythonStream() override;

  void bind(nb::object source) { source_ = std::move(source); }
  void unbind() { source_.reset(); }

  [[nodiscard]] Form form() const override { return Form::streamed; }
  [[nodiscard]] std::size_t size() const override { return pulled_.size(); }
  [[nodiscard]] bool has(std::size_t i) const override;
  void get(std::size_t i, Value& out) const override { out = pulled_[i]; }

 private:
  std::string name_;
  nb::object source_;
  mutable std::vector<Value> pulled_;
};

/// Made by a function of outer parameters, by name, from bind() to unbind().
class PythonDependent final : public ParameterValues {
 public:
  explicit PythonDependent(std::string name) : name_(std::move(name)) {}
  ~PythonDependent() override;

  void belong_to(MeasurementSession& session) { call_.belong_to(session); }
  /// `listed` makes a list, a range or a memoryview of whatever the function returns.
  void bind(nb::object function, const std::vector<Argument>& arguments, nb::object listed);
  void unbind();

  [[nodiscard]] Form form() const override { return Form::dependent; }
  [[nodiscard]] std::size_t size() const override { return 0; }
  void get(std::size_t /*i*/, Value& /*out*/) const override {}
  [[nodiscard]] std::shared_ptr<const ParameterValues> at(const Point& outer) const override;
  /// Value `i` of those made last, as the function gave it.
  [[nodiscard]] nb::object item(std::size_t i) const { return current_[i]; }

 private:
  std::string name_;
  mutable PythonCall call_;
  nb::object listed_;
  mutable nb::object current_;
};

/// None: an order brings them.
class PythonOpen final : public ParameterValues {
 public:
  [[nodiscard]] Form form() const override { return Form::open; }
  [[nodiscard]] std::size_t size() const override { return 0; }
  void get(std::size_t /*i*/, Value& /*out*/) const override {}
};

}  // namespace wheatstone::python
