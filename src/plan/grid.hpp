#pragma once
// All combinations, the last parameter fastest: what a run takes unless told otherwise.

#include <span>
#include <vector>

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Without parameters it is one point. A point costs what changes: mostly one value.
class Grid final : public Plan {
 public:
  /// `values`: of each parameter, listed, none of them empty.
  explicit Grid(std::vector<Source> values);

  [[nodiscard]] std::optional<std::uint64_t> size() const override;
  bool next(Place& place) override;
  void skip(std::uint64_t count, Place& place) override;
  void restart(std::uint64_t repetition) override;

 private:
  enum class State : std::uint8_t { between, before_first, ended };

  bool begin(Place& place);
  void fetch(std::size_t first, Place& place) const;

  std::vector<Source> values_;
  std::vector<std::size_t> sizes_;
  std::uint64_t skipped_ = 0;  ///< points to pass over before the next
  State state_ = State::before_first;
};

/// Writes the positions of point `index` of that grid. Returns what is left of the index: 0 within the grid.
std::uint64_t locate_in_grid(std::uint64_t index, std::span<const std::size_t> sizes, std::span<std::size_t> positions);

/// The number of points of a grid, where it fits.
[[nodiscard]] std::optional<std::uint64_t> grid_size(std::span<const std::size_t> sizes);

/// The number of values of each.
[[nodiscard]] std::vector<std::size_t> sizes_of(std::span<const Source> values);

}  // namespace wheatstone::plan
