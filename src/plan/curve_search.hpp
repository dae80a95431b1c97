#pragma once
// What the searches along one parameter share.

#include <string>
#include <utility>
#include <vector>
#include <wheatstone/point.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone::plan {

/// "refine('voltage', of='i', between=(0, 5)".
[[nodiscard]] std::string search_text(std::string_view word, const std::string& parameter, const std::string& of,
                                      const std::pair<double, double>& between);

/// Throws ConfigurationError where an end is not finite, both are equal, or a name is missing. `word`: as the user
/// wrote it.
void check_search(std::string_view word, const std::string& parameter, const std::string& of,
                  const std::pair<double, double>& between);

/// Throws ConfigurationError unless `parameter` is the only one: outer ones are left to the session.
void require_only(std::string_view word, const std::string& parameter, const std::vector<std::string>& parameters);

/// The result of that name as a number; NaN where it is null, or was not measured at this point. Throws DataError, with
/// the names that there are, where there is none or it is no number.
[[nodiscard]] double number_in(const Point& point, const Row& row, const std::string& of);

}  // namespace wheatstone::plan
