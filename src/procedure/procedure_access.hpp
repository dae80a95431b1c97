#pragma once
// What tests need of a procedure beyond its public words.

#include <wheatstone/procedure.hpp>

#include "bench/bench_access.hpp"

namespace wheatstone::procedure {

class ProcedureAccess {
 public:
  /// As Procedure::prepare(); hears all messages of its instruments, from their first on.
  [[nodiscard]] static PreparedProcedure prepare(const Procedure& procedure, const ProcedureOptions& options,
                                                 const bench::TapOf& tap_of);
};

}  // namespace wheatstone::procedure
