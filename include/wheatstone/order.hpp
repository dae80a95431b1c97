#pragma once
// The order in which a run takes its points.

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/export.hpp>
#include <wheatstone/point.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone {
inline namespace v1 {

/// A plan that proposes a point, is told its row, and proposes the next: an optimiser, a search. Called by the thread
/// that runs the session, between points; what it throws ends the run as an error that names it, rows kept.
class WHEATSTONE_API AdaptivePlan {
 public:
  virtual ~AdaptivePlan();
  AdaptivePlan(const AdaptivePlan&) = delete;
  AdaptivePlan& operator=(const AdaptivePlan&) = delete;

  /// Called at the start of each run, before anything moves: begin anew. Throws ConfigurationError where a parameter
  /// that it varies is not among these.
  virtual void begin(const std::vector<std::string>& /*parameters*/) {}

  /// The next point, a value for each parameter of the session by name; none where the run is to end.
  virtual std::optional<Row> ask() = 0;

  /// The row of the point that was asked for last: parameters, timestamp and results, named as the columns.
  virtual void tell(const Point& point, const Row& row) = 0;

  /// The one parameter that it varies, where it leaves the others to the session; empty where it gives a value for
  /// each. That parameter is then the last of the session, and the others are outer ones: gone through as a grid, with
  /// the plan begun anew, for that parameter alone, at each of their points.
  [[nodiscard]] virtual std::string along() const { return {}; }

  /// How it was made, in a line, for run.json and errors. A run that goes on must have the same.
  [[nodiscard]] virtual std::string description() const = 0;

 protected:
  AdaptivePlan() = default;
};

/// Points given one by one: each has a value for each parameter.
struct PointList {
  std::vector<std::string> names = {};  ///< of the parameters; empty: as registered
  std::vector<std::vector<Value>> points = {};
};

/// What RunOptions::order takes: one of the named orders, a list of points, or an adaptive plan.
class Order {
 public:
  enum Kind : std::uint8_t {
    grid,      ///< all combinations, the last parameter fastest
    zip,       ///< first values of all, second values of all: as many of each
    snake,     ///< the grid without returns: a parameter that has come to its end goes backwards
    random,    ///< the grid in an order drawn from RunOptions::order_seed, anew for each repetition
    up_down,   ///< the grid, its last parameter up and then down again; the turning point comes once
    listed,    ///< points given one by one
    adaptive,  ///< points proposed by a plan that is told each row
  };

  /// REQUIRES: grid, zip, snake, random or up_down.
  Order(Kind kind = grid) : kind_(kind) {}  // NOLINT: implicit by design, all below too
  Order(PointList points)                   // NOLINT
      : kind_(listed), points_(std::make_shared<const PointList>(std::move(points))) {}
  /// Rows of parameters by name. Throws ConfigurationError where one has other names than the first.
  WHEATSTONE_API Order(const std::vector<Row>& points);  // NOLINT
  template <std::derived_from<AdaptivePlan> P>
  Order(std::shared_ptr<P> plan) : kind_(adaptive), plan_(std::move(plan)) {}  // NOLINT

  [[nodiscard]] Kind kind() const { return kind_; }
  /// Of a listed order; else null.
  [[nodiscard]] const std::shared_ptr<const PointList>& points() const { return points_; }
  /// Of an adaptive order; else null.
  [[nodiscard]] const std::shared_ptr<AdaptivePlan>& plan() const { return plan_; }

 private:
  Kind kind_ = grid;
  std::shared_ptr<const PointList> points_;
  std::shared_ptr<AdaptivePlan> plan_;
};

/// "grid", "zip", "snake", "random", "up_down", "points", "adaptive".
[[nodiscard]] WHEATSTONE_API std::string_view name_of(Order::Kind kind);

/// The order of that name: "grid", "zip", "snake", "random" or "up_down". Throws ConfigurationError for any other.
[[nodiscard]] WHEATSTONE_API Order order_named(std::string_view name);

}  // namespace v1
}  // namespace wheatstone
