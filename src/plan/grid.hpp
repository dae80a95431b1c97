#pragma once
// The order in which points come.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wheatstone::plan {

/// Positions of the parameters' values, point after point. Lazy: memory does not grow with the number of points.
class Plan {
 public:
  virtual ~Plan() = default;

  /// Number of points, where it is known and fits.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;

  /// Moves to the next point. Writes the positions that changed into `positions` and returns the first parameter that
  /// changed (all after it may have), or none at the end. REQUIRES: the same `positions` each time.
  virtual std::optional<std::size_t> advance(std::span<std::size_t> positions) = 0;

  /// Begins again at the first point.
  virtual void rewind() = 0;

 protected:
  Plan() = default;
  Plan(const Plan&) = default;
  Plan& operator=(const Plan&) = default;
};

/// All combinations, the last parameter fastest. Without parameters it is one point.
class Grid final : public Plan {
 public:
  /// `sizes`: number of values of each parameter, none of them 0.
  explicit Grid(std::vector<std::size_t> sizes);

  [[nodiscard]] std::optional<std::uint64_t> size() const override;
  std::optional<std::size_t> advance(std::span<std::size_t> positions) override;
  void rewind() override { started_ = false; }

 private:
  std::vector<std::size_t> sizes_;
  bool started_ = false;
};

}  // namespace wheatstone::plan
