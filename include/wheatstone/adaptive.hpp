#pragma once
// Adaptive plans that come with the library: a curve refined where it bends, and the search for a threshold.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <wheatstone/export.hpp>
#include <wheatstone/order.hpp>

namespace wheatstone {
inline namespace v1 {

struct RefineOptions {
  std::string of = {};                         ///< the result that is looked at
  std::pair<double, double> between = {0, 1};  ///< first and last value of the parameter
  std::size_t points = 50;                     ///< in all
};

/// Takes points of a curve where a straight line between two of them would miss it most: five even ones, then always
/// the middle of the interval of greatest estimated error (its width squared times the second difference at its ends),
/// with a share for wide intervals, so that a jump does not take all points and a flat stretch is not overlooked.
/// Values that are no number say nothing about the curve. Parameters registered before that one are outer ones: at each
/// of their points another curve is refined. Throws ConfigurationError for ends that are equal or not finite, or fewer
/// than two points.
[[nodiscard]] WHEATSTONE_API std::shared_ptr<AdaptivePlan> refine(std::string parameter, RefineOptions options);

struct BisectOptions {
  std::string of = {};  ///< the result that is looked at
  double threshold = 0;
  std::pair<double, double> between = {0, 1};  ///< where the result is on either side of the threshold
  double tolerance = 1e-3;                     ///< of the parameter, at which the search ends
};

/// The search for where a result crosses a threshold; with outer parameters, the one at their last point. Read by the
/// thread that runs the session, or after the run.
class WHEATSTONE_API Bisection : public AdaptivePlan {
 public:
  /// The middle of the interval that holds the crossing, once that is no wider than the tolerance; none before.
  [[nodiscard]] virtual std::optional<double> crossing() const = 0;
};

/// Measures at both ends, then halves the interval that holds the crossing. Ends that are on the same side of the
/// threshold end the run as an error that tells both. Parameters registered before that one are outer ones: at each of
/// their points the search is made anew. Throws ConfigurationError for ends that are equal or not finite, or a
/// tolerance that is not above zero.
[[nodiscard]] WHEATSTONE_API std::shared_ptr<Bisection> bisect(std::string parameter, BisectOptions options);

}  // namespace v1
}  // namespace wheatstone
