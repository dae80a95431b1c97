#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>
#include <wheatstone/point.hpp>
#include <wheatstone/session.hpp>

#include "base/number.hpp"
#include "base/text.hpp"

namespace wheatstone {
inline namespace v1 {

const Value& Point::operator[](std::string_view name) const {
  const auto found = std::ranges::find(data_->names, name);
  if (found == data_->names.end()) {
    const std::vector<std::string> near = base::nearest(name, data_->names);
    throw ConfigurationError(fmt::format("no parameter is called '{}'{}", name,
                                         near.empty() ? "" : "; did you mean " + base::listed(near) + "?"));
  }
  return data_->values[static_cast<std::size_t>(found - data_->names.begin())];
}

void Point::throw_no_value(std::size_t ordinal) const {
  const std::string& name = data_->names[ordinal];
  const Value& value = data_->values[ordinal];
  if (value.is_null()) {
    throw ConfigurationError(fmt::format(
        "parameter '{}' has no value here: the values of a parameter may depend on parameters registered before it "
        "only",
        name));
  }
  throw ConfigurationError(
      fmt::format("parameter '{}' has a value of the kind {} here, not of the type it was registered with; give "
                  "points, and plans propose, values of that type",
                  name, name_of(value.kind())));
}

std::optional<double> detail::number_at(const Point& point, std::string_view name) {
  const Point::Data& data = point.data();
  const auto parameter = std::ranges::find(data.names, name);
  const Value* const found = parameter != data.names.end()
                                 ? &data.values[static_cast<std::size_t>(parameter - data.names.begin())]
                                 : data.so_far.find(name);
  if (found == nullptr) {
    if (data.incomplete) return std::nullopt;
    std::vector<std::string> names = data.names;
    for (const Row::Entry& entry : data.so_far) names.push_back(entry.key);
    throw DataError(fmt::format("the row has nothing called '{}'; it has {}", name, base::listed(names, "and")));
  }
  if (found->is_null()) return std::nullopt;
  if (const auto number = base::number_of(*found)) return number;
  throw DataError(fmt::format("'{}' of the row is {}, not a number", name, name_of(found->kind())));
}

}  // namespace v1
}  // namespace wheatstone
