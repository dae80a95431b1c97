#pragma once
// What identifies a procedure besides its parameters.

#include <string>

#include "procedure/definition.hpp"

namespace wheatstone::procedure {

/// Of what a run does besides going through its parameters: what differs cannot be gone on with.
[[nodiscard]] std::string digest_of(const Definition& definition);

}  // namespace wheatstone::procedure
