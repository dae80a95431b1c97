#pragma once
// An acquisition that is a C++ callable.

#include <functional>
#include <string>
#include <utility>
#include <wheatstone/binding.hpp>

namespace wheatstone::session {

using binding::Acquisition;

class FunctionAcquisition final : public Acquisition {
 public:
  FunctionAcquisition(std::string name, std::function<Row(const Point&)> measure, AcquisitionOptions options = {})
      : Acquisition(std::move(name), std::move(options)), measure_(std::move(measure)) {}
  void measure(const Point& point, Row& out) override { out = measure_(point); }

 private:
  std::function<Row(const Point&)> measure_;
};

}  // namespace wheatstone::session
