#pragma once
// Observers of rows: each on a thread of its own, behind a queue that never holds up the loop.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/duration.hpp>
#include <wheatstone/observer.hpp>
#include <wheatstone/row.hpp>

#include "base/process.hpp"
#include "io/document.hpp"

namespace wheatstone::session {

using ObserverPointer = std::shared_ptr<ObserverHandle::State>;

/// Makes what a handle speaks of. `observer.name` is not empty.
[[nodiscard]] ObserverPointer make_observer(binding::Observer observer);

/// A row in the making, in the same memory as the one before.
class ObservedRow {
 public:
  void begin() { at_ = 0; }
  void add(std::string_view name, const Value& value);
  /// What was added since begin().
  [[nodiscard]] const Row& end();

 private:
  Row row_;
  std::size_t at_ = 0;
};

/// The observers of one run. All calls by the thread that runs it.
class RowObservers {
 public:
  /// What became of one, or has become of it so far.
  struct Ended {
    std::string name;
    std::uint64_t seen = 0;
    std::uint64_t dropped = 0;
    std::string error;   ///< what it threw
    bool stuck = false;  ///< is still in its callable, in which it goes on by itself
  };

  RowObservers() = default;
  /// Abandons those that were not ended.
  ~RowObservers();
  RowObservers(const RowObservers&) = delete;
  RowObservers& operator=(const RowObservers&) = delete;

  /// Starts their threads. An observer whose thread of an earlier run is still in its callable takes no part in this
  /// one.
  void start(const std::vector<ObserverPointer>& observers);

  [[nodiscard]] bool any() const { return !observers_.empty(); }

  /// Puts a row into each queue. Never waits: a queue whose lock is not to be had gets it with the next row, or with
  /// wake().
  void offer(const Row& row);

  /// Wakes those who wait for rows; to be called 2 ms after an offer() at the latest where more rows follow. Costs a
  /// system call for each that sleeps. Returns those that have thrown since it was last asked.
  std::vector<Ended> wake();

  /// Lets all of them see what they have in their queues, for `grace` together, and no longer than the call in
  /// hand where `at_once`. Waits in a BlockingRegion.
  std::vector<Ended> end(Duration grace, bool at_once);

 private:
  std::vector<ObserverPointer> observers_;  // of this run
  std::vector<ObserverPointer> busy_;       ///< those that take no part
  base::ProcessBound process_;
};

/// As events tell it.
[[nodiscard]] io::Document document_of(const RowObservers::Ended& ended);

/// What its user should know of it; none where it saw each row, or was only behind.
[[nodiscard]] std::optional<std::string> warning_of(const RowObservers::Ended& ended);

}  // namespace wheatstone::session
