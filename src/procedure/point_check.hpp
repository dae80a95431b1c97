#pragma once
// Whether the bench may go where a procedure sends it, and whether that ends in a lifetime.

#include <wheatstone/preview.hpp>

#include "procedure/definition.hpp"
#include "procedure/rehearsals.hpp"
#include "procedure/set_points.hpp"
#include "session/engine.hpp"

namespace wheatstone::procedure {

/// Rehearses the set-points at the plan's points: the first million of them, a thousand more evenly spread where the
/// size is known, and the last. Throws LimitError or ConfigurationError with the place and the point. REQUIRES: no
/// adaptive order.
void rehearse_points(SetPoints& set_points, const session::RunRequest& request, Rehearsals& rehearsals);

/// Throws ConfigurationError, at the sweep's place, for more points than 10^9 or for more than a year of them, which is
/// rather a slip than a wish.
void require_likely_size(const Definition& definition, const Preview& preview);

}  // namespace wheatstone::procedure
