#pragma once
// The order of a procedure's points where they are given one by one, or found.

#include <memory>
#include <span>
#include <vector>
#include <wheatstone/order.hpp>
#include <wheatstone/parameter.hpp>

#include "expression/expression.hpp"
#include "procedure/definition.hpp"
#include "procedure/sweep_values.hpp"

namespace wheatstone::procedure {

/// Values that `points` bring, by parameter as the definition has them. REQUIRES: definition.points.
[[nodiscard]] std::vector<SweepValues> point_values(const Definition& definition);
/// The same as an order.
[[nodiscard]] Order order_of_points(const Definition& definition, std::span<const SweepValues> values);

/// The ends between which an adaptive order looks, and its tolerance where it has one, in one unit. REQUIRES:
/// definition.adaptive.
[[nodiscard]] SweepValues adaptive_values(const Definition& definition);
/// The plan itself. `columns` are those that it may look at.
[[nodiscard]] Order adaptive_order(const AdaptiveText& text, const SweepValues& values,
                                   std::span<const expression::Variable> columns);

/// No values, of that kind: the order brings them.
[[nodiscard]] std::shared_ptr<const ParameterValues> open_values(Value::Kind kind);

}  // namespace wheatstone::procedure
