#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <wheatstone/error.hpp>
#include <wheatstone/point.hpp>

#include "base/text.hpp"

namespace wheatstone {
inline namespace v1 {

std::vector<double> linspace(double start, double stop, std::size_t count) {
  if (count == 0) throw ConfigurationError("linspace needs a count of at least one");
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = count == 1 ? start : std::lerp(start, stop, static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return values;
}

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

}  // namespace v1
}  // namespace wheatstone
