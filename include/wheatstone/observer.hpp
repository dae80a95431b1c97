#pragma once
// Who watches a run's rows from within its process.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

struct ObserverOptions {
  std::size_t queue = 1000;  ///< rows kept for an observer that is behind; beyond that the oldest is dropped
  std::string name = {};     ///< as events and warnings call it; "observer 1" and so on where not given
};

struct SuspensionOptions {
  std::string reason = {};  ///< kept with the run and shown by its progress; "condition 1" and so on where not given
  Duration every = std::chrono::milliseconds(100);  ///< between two looks at the condition, at least
};

/// What became of an observer, counted over the present run, or the last one between runs. Copies speak of the same
/// observer, and outlive its session. Any thread.
class WHEATSTONE_API ObserverHandle {
 public:
  struct State;
  explicit ObserverHandle(std::shared_ptr<State> state) : state_(std::move(state)) {}

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] std::uint64_t seen() const;     ///< rows that it was given
  [[nodiscard]] std::uint64_t dropped() const;  ///< rows that it was not given, because it was behind
  /// What it threw, after which it is given nothing more in that run; empty where it did not.
  [[nodiscard]] std::string error() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
