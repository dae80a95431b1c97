#include "plan/curve_search.hpp"

#include <fmt/core.h>

#include <cmath>
#include <wheatstone/error.hpp>

#include "base/number.hpp"
#include "base/text.hpp"

namespace wheatstone::plan {

std::string search_text(std::string_view word, const std::string& parameter, const std::string& of,
                        const std::pair<double, double>& between) {
  return fmt::format("{}('{}', of='{}', between=({}, {})", word, parameter, of, base::shortest(between.first),
                     base::shortest(between.second));
}

void check_search(std::string_view word, const std::string& parameter, const std::string& of,
                  const std::pair<double, double>& between) {
  if (parameter.empty() || of.empty()) {
    throw ConfigurationError(fmt::format("{} needs the name of {}; give it", word,
                                         parameter.empty() ? "the parameter that it varies" : "the result (of)"));
  }
  if (std::isfinite(between.first) && std::isfinite(between.second) && between.first != between.second) return;
  throw ConfigurationError(fmt::format("{} cannot search between {} and {}; give two finite ends that differ", word,
                                       base::shortest(between.first), base::shortest(between.second)));
}

void require_only(std::string_view word, const std::string& parameter, const std::vector<std::string>& parameters) {
  if (parameters.size() == 1 && parameters.front() == parameter) return;
  throw ConfigurationError(
      fmt::format("{} varies '{}' alone, but the session has {}; register that parameter and no other", word, parameter,
                  parameters.empty() ? "no parameter" : base::listed(parameters, "and")));
}

double number_in(const Point& point, const Row& row, const std::string& of) {
  const Value* value = row.find(of);
  if (value == nullptr && point.data().incomplete) return std::nan("");
  if (value == nullptr) {
    std::vector<std::string> names;
    for (const Row::Entry& entry : row) names.push_back(entry.key);
    throw DataError(fmt::format("the row has no '{}'; it has {}", of, base::listed(names, "and")));
  }
  if (const auto number = base::number_of(*value)) return *number;
  if (value->is_null()) return std::nan("");
  throw DataError(fmt::format("'{}' is of the kind {}, and only numbers can be searched; name another", of,
                              name_of(value->kind())));
}

}  // namespace wheatstone::plan
