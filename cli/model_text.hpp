#pragma once
// How the program speaks of models of instruments.

#include <wheatstone/profile.hpp>

#include "json.hpp"

namespace wheatstone::cli {

/// A model for programs; docs/reference/json.md has the keys.
[[nodiscard]] Json json_of(const Model& model);

}  // namespace wheatstone::cli
