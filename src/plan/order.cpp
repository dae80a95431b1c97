#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <wheatstone/error.hpp>
#include <wheatstone/order.hpp>

#include "base/text.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr std::array<std::string_view, 7> k_names = {"grid", "zip", "snake", "random", "up_down", "points", "adaptive"};

PointList list_of(const std::vector<Row>& rows) {
  PointList list;
  if (rows.empty()) return list;
  for (const Row::Entry& entry : rows.front()) list.names.push_back(entry.key);
  for (const Row& row : rows) {
    std::vector<Value> values;
    for (const std::string& name : list.names) {
      if (const Value* value = row.find(name)) values.push_back(*value);
    }
    if (values.size() != list.names.size() || row.size() != list.names.size()) {
      throw ConfigurationError(
          fmt::format("point {} of the list names other parameters than the first ({}); give "
                      "each point a value for each parameter",
                      list.points.size(), base::listed(list.names, "and")));
    }
    list.points.push_back(std::move(values));
  }
  return list;
}

}  // namespace

AdaptivePlan::~AdaptivePlan() = default;

Order::Order(const std::vector<Row>& points) : Order(list_of(points)) {}

std::string_view name_of(Order::Kind kind) { return k_names[kind]; }

Order order_named(std::string_view name) {
  const auto found = std::find(k_names.begin(), k_names.begin() + Order::listed, name);
  if (found != k_names.begin() + Order::listed) return static_cast<Order::Kind>(found - k_names.begin());
  throw ConfigurationError(fmt::format(
      "order '{}' is not known; give 'grid', 'zip', 'snake', 'random' or 'up_down', a list of points, or an "
      "adaptive plan",
      name));
}

}  // namespace v1
}  // namespace wheatstone
