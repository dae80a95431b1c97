#pragma once
// Test code: values of parameters, and what a plan made of them.

#include <functional>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace wheatstone::plan {

using Visited = std::vector<std::vector<double>>;

inline Source listed(std::vector<double> values) { return detail::listed_values<double>(values); }

/// `size` values that tell parameter and position: 100 * parameter + position.
inline std::vector<Source> numbered(const std::vector<std::size_t>& sizes) {
  std::vector<Source> sources;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    std::vector<double> values;
    for (std::size_t i = 0; i < sizes[k]; ++i) values.push_back(static_cast<double>(100 * k + i));
    sources.push_back(listed(std::move(values)));
  }
  return sources;
}

inline Place place_for(std::size_t parameters) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < parameters; ++k) names.push_back(std::string(1, static_cast<char>('a' + k)));
  return empty_place(std::move(names));
}

inline std::vector<double> numbers_of(const Place& place) {
  std::vector<double> numbers;
  for (const Value& value : place.values) numbers.push_back(*value.get_if<double>());
  return numbers;
}

/// All points from here to the end, at most `most`.
inline Visited walk(Plan& plan, Place& place, std::size_t most = 100'000) {
  Visited visited;
  while (visited.size() < most && plan.next(place)) visited.push_back(numbers_of(place));
  return visited;
}

}  // namespace wheatstone::plan
