#pragma once
// Which errors a column is read again after, by name.

#include <string>
#include <vector>
#include <wheatstone/acquisition.hpp>

namespace wheatstone::procedure {

/// Names of the errors that another attempt may help against.
[[nodiscard]] std::vector<std::string> error_names();
/// A filter for errors of these names. REQUIRES: each is one of error_names().
[[nodiscard]] ErrorFilter filter_of(const std::vector<std::string>& names);

}  // namespace wheatstone::procedure
