#pragma once
// Which runs a listing is of, as it is typed.

#include <string>
#include <vector>
#include <wheatstone/store.hpp>

#include "verb.hpp"

namespace wheatstone::cli {

struct TypedFilter {
  std::string name = {};
  std::string since = {};
  std::string until = {};
  std::vector<std::string> states = {};
  std::string instrument = {};
  std::vector<std::string> parameters = {};  ///< "voltage", "voltage=1.5", "voltage=1..2"
  std::vector<std::string> tags = {};
};

/// --name, --since, --until, --state, --instrument, --param, --tag.
void take_filter(Verb& verb, TypedFilter& filter);

/// Throws ConfigurationError that says what would be understood.
[[nodiscard]] RunFilter filter_of(const TypedFilter& typed);

}  // namespace wheatstone::cli
