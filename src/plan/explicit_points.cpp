#include "plan/explicit_points.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::plan {
namespace {

std::vector<std::size_t> columns_of(const PointList& list, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns(names.size());
  if (list.names.empty()) {
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    return columns;
  }
  for (const std::string& name : list.names) {
    if (std::ranges::find(names, name) != names.end()) continue;
    throw ConfigurationError(fmt::format("the points name '{}', which is no parameter; there {} {}", name,
                                         names.size() == 1 ? "is" : "are", base::listed(names, "and")));
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto found = std::ranges::find(list.names, names[k]);
    if (found == list.names.end()) {
      throw ConfigurationError(fmt::format("the points have no value for parameter '{}'; give each one", names[k]));
    }
    columns[k] = static_cast<std::size_t>(found - list.names.begin());
  }
  return columns;
}

}  // namespace

void GivenValues::take(std::span<const Value> given, Place& place) {
  place.changed.clear();
  for (std::size_t k = 0; k < given.size(); ++k) {
    Value value = given[k];
    if (const std::int64_t* whole = value.get_if<std::int64_t>();
        whole != nullptr && values_[k]->one_kind() == Value::Kind::real) {
      value = Value(static_cast<double>(*whole));
    }
    if (!all_new_ && value.identical(place.values[k])) continue;
    place.positions[k] = position_of(k, value);
    place.values[k] = std::move(value);
    place.changed.push_back(k);
  }
  all_new_ = false;
}

std::size_t GivenValues::position_of(std::size_t parameter, const Value& value) const {
  const ParameterValues& values = *values_[parameter];
  if (value.kind() != Value::Kind::text || values.form() != ParameterValues::Form::listed) {
    return Place::k_no_position;
  }
  Value listed;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values.get(i, listed);
    if (listed.identical(value)) return i;
  }
  return Place::k_no_position;
}

ExplicitPoints::ExplicitPoints(std::shared_ptr<const PointList> list, const std::vector<std::string>& names,
                               std::vector<Source> values)
    : list_(std::move(list)), column_of_(columns_of(*list_, names)), given_(std::move(values)), point_(names.size()) {
  if (list_->points.empty()) throw ConfigurationError("the list of points is empty; give at least one");
  for (std::size_t i = 0; i < list_->points.size(); ++i) {
    if (list_->points[i].size() == names.size()) continue;
    throw ConfigurationError(fmt::format("point {} of the list (counted from 0) has {} values for {} parameter{} ({})",
                                         i, list_->points[i].size(), names.size(), names.size() == 1 ? "" : "s",
                                         base::listed(names, "and")));
  }
}

bool ExplicitPoints::next(Place& place) {
  if (index_ >= list_->points.size()) return false;
  const std::vector<Value>& given = list_->points[index_++];
  for (std::size_t k = 0; k < point_.size(); ++k) point_[k] = given[column_of_[k]];
  given_.take(point_, place);
  return true;
}

void ExplicitPoints::skip(std::uint64_t count, Place& /*place*/) {
  index_ = std::min<std::uint64_t>(list_->points.size(), index_ + std::min<std::uint64_t>(count, list_->points.size()));
  given_.forget();
}

void ExplicitPoints::restart(std::uint64_t /*repetition*/) {
  index_ = 0;
  given_.forget();
}

}  // namespace wheatstone::plan
