#pragma once
// What is done before and after each level of a sweep.

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "session/engine.hpp"

namespace wheatstone::session {

/// A level of a parameter is the points that share its value and those of all parameters registered before it: in a
/// grid, all that the inner parameters do at one of its values. Entering runs the hooks before, outermost first;
/// leaving runs those after, innermost first, with the values that the level had. All those after a level are called
/// whatever becomes of the others, also where one before it failed. One thread.
class LevelHooks {
 public:
  /// Throws ConfigurationError for a hook of a parameter that is not there.
  explicit LevelHooks(const RunRequest& request);

  /// The rest costs a branch a point where this is true.
  [[nodiscard]] bool empty() const { return hooks_.empty(); }

  /// Leaves the levels that `point` is not in and enters those that are new. An error names the hook and the level;
  /// what other hooks after the same level threw is attached.
  void move_to(Point::Data& point);
  /// Leaves every level that was entered, with so many rows in the table. Goes on after an error; returns the
  /// sentences.
  [[nodiscard]] std::vector<std::string> leave_all(std::uint64_t rows_kept);

 private:
  static constexpr std::size_t k_run = 0;  // depth of the whole run; parameter k has depth k + 1

  struct Placed {
    const binding::Hook* hook;
    std::size_t depth;
  };

  void enter(std::size_t depth, const Point::Data& point);
  [[nodiscard]] std::vector<std::exception_ptr> leave(std::size_t depth);
  void call(const binding::Hook& hook, const Point::Data& point) const;

  std::vector<Placed> hooks_;
  std::size_t depths_;                 ///< of all levels: the run's and one a parameter
  std::size_t entered_ = 0;            ///< depths below this are entered
  std::uint64_t rows_kept_ = 0;        ///< told with an error
  std::optional<Point::Data> inside_;  ///< the point of the levels that are entered
};

}  // namespace wheatstone::session
