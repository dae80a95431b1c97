#pragma once
// Orders whose point k can be computed from k: zip, snake, random, up and down.

#include <span>
#include <vector>

#include "plan/grid.hpp"
#include "plan/permutation.hpp"
#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Visits points 0 to count - 1 of a rule that gives the positions of each. Skipping is an addition.
class Ordered : public Plan {
 public:
  [[nodiscard]] std::optional<std::uint64_t> size() const final { return count_; }
  bool next(Place& place) final;
  void skip(std::uint64_t count, Place& place) final;
  void restart(std::uint64_t repetition) override;

 protected:
  /// `values`: of each parameter, listed, none of them empty. `count`: none where it is above 2^64.
  Ordered(std::vector<Source> values, std::optional<std::uint64_t> count);

  /// Writes the positions of point `index`. REQUIRES: index < count.
  virtual void locate(std::uint64_t index, std::span<std::size_t> positions) const = 0;

  [[nodiscard]] std::span<const std::size_t> sizes() const { return sizes_; }

 private:
  std::vector<Source> values_;
  std::vector<std::size_t> sizes_;
  std::optional<std::uint64_t> count_;
  std::uint64_t index_ = 0;  ///< of the next point
  bool all_new_ = true;
  std::vector<std::size_t> located_;
};

/// The values side by side: all first ones, all second ones. REQUIRES: that many of each, or more.
class Zip final : public Ordered {
 public:
  Zip(std::vector<Source> values, std::size_t count);

 private:
  void locate(std::uint64_t index, std::span<std::size_t> positions) const override;
};

/// The grid without returns: a parameter that has come to its end goes backwards, so that each point differs from the
/// one before by one step of one parameter.
class Snake final : public Ordered {
 public:
  explicit Snake(std::vector<Source> values);

 private:
  void locate(std::uint64_t index, std::span<std::size_t> positions) const override;
};

/// The grid, its last parameter up and then down again at each setting of the others; the turning point comes once.
class UpDown final : public Ordered {
 public:
  explicit UpDown(std::vector<Source> values);

 private:
  void locate(std::uint64_t index, std::span<std::size_t> positions) const override;
};

/// The points of the grid in an order drawn from the seed, each once; anew for each repetition.
class Shuffled final : public Ordered {
 public:
  /// REQUIRES: fewer than 2^62 points.
  Shuffled(std::vector<Source> values, std::uint64_t seed);
  void restart(std::uint64_t repetition) override;

 private:
  void locate(std::uint64_t index, std::span<std::size_t> positions) const override;

  std::uint64_t seed_;
  Permutation permutation_;
};

}  // namespace wheatstone::plan
