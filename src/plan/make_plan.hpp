#pragma once
// The plan that a run asks for.

#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <wheatstone/order.hpp>

#include "plan/constrained.hpp"
#include "plan/plan.hpp"

namespace wheatstone::plan {

struct PlanRequest {
  std::vector<std::string> names = {};  ///< of the parameters
  std::vector<Source> values = {};      ///< of each
  Order order = Order::grid;
  std::uint64_t seed = 0;    ///< of a random order
  std::uint64_t repeat = 1;  ///< the whole plan that often; REQUIRES: above 0
  bool cycle = false;        ///< restart() will be called at its end
  std::vector<Constraint> constraints = {};
  std::function<bool()> ended = {};  ///< asked now and then while points are passed over; may be empty
};

/// Throws ConfigurationError where the order does not fit the values: parameters without values, unequal lengths side
/// by side, an order that needs all values beforehand and gets an endless stream or values that depend on others.
/// Streams are pulled as far as the order has to know them; what they throw is a MeasurementError that names them.
[[nodiscard]] std::unique_ptr<Plan> make_plan(const PlanRequest& request);

}  // namespace wheatstone::plan
