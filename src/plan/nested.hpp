#pragma once
// A grid or snake some of whose values are not known beforehand: made from outer ones, or pulled from a stream.

#include <vector>

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Loops within loops, the last parameter innermost. Values that depend on outer ones are made when those change; where
/// there are none, that turn of the outer loop has no points. A stream is pulled as far as it is needed, so that the
/// outermost may be endless; a snake that goes backwards through one pulls it to its end.
class Nested final : public Plan {
 public:
  enum class Direction : std::uint8_t {
    forth,      ///< each parameter from its start, like a grid
    to_and_fro  ///< each the other way than before, like a snake
  };

  /// `values`: of each parameter, none of them open.
  Nested(std::vector<Source> values, Direction direction);

  [[nodiscard]] std::optional<std::uint64_t> size() const override;
  bool next(Place& place) override;
  void skip(std::uint64_t count, Place& place) override;
  void restart(std::uint64_t repetition) override;

 private:
  struct Level {
    Source values;   ///< as registered
    Source current;  ///< those at this turn
    bool backwards = false;
    Value taken = {};  ///< at the point before
  };
  enum class State : std::uint8_t { between, before_first, ended };

  bool enter(std::size_t level, Place& place);
  bool step(std::size_t level, Place& place);
  bool take(std::size_t level, std::size_t position, Place& place);
  void note_changes(std::size_t lowest, Place& place);

  std::vector<Level> levels_;
  Direction direction_;
  State state_ = State::before_first;
  bool all_new_ = true;
};

/// Pulls a stream to its end and returns how many values there are. Throws ConfigurationError, naming the parameter,
/// after ten million.
std::size_t drain(const ParameterValues& values, const std::string& name);

}  // namespace wheatstone::plan
