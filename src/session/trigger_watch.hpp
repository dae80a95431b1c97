#pragma once
// Waits of a timed run that end too when an acquisition's trigger fires.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>
#include <wheatstone/binding.hpp>

#include "base/clock.hpp"
#include "session/precise_wait.hpp"

namespace wheatstone::session {

/// Service requests as they come, from any thread, and a wait that they end.
class ServiceRequests {
 public:
  /// A request for that acquisition, noticed at that instant.
  struct Request {
    std::size_t acquisition;
    std::int64_t at;
  };

  void add(Request request);
  /// The oldest of them, taken.
  [[nodiscard]] std::optional<Request> take();
  /// Takes all further ones of that acquisition. Returns how many they were.
  std::uint64_t take_all_of(std::size_t acquisition);

  /// Ended by a request, past ones that were not taken included.
  [[nodiscard]] std::stop_source arm();

 private:
  std::mutex mutex_;
  // protected by mutex_
  std::deque<Request> waiting_;
  std::stop_source armed_{std::nostopstate};
};

/// Looks at the triggers of a run's acquisitions while its thread waits. One thread.
class TriggerWatch {
 public:
  /// A trigger that fired.
  struct Fired {
    std::size_t acquisition = 0;
    std::int64_t at = 0;       ///< when that was noticed, monotonic
    std::uint64_t missed = 0;  ///< requests that came after it and are served together with it
  };

  /// Asks the instruments' links to tell of service requests. With `each`, none is served together with another.
  /// Throws what an instrument throws that cannot be asked.
  TriggerWatch(const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions, base::Clock& clock, bool each);
  ~TriggerWatch();
  TriggerWatch(const TriggerWatch&) = delete;
  TriggerWatch& operator=(const TriggerWatch&) = delete;

  [[nodiscard]] bool empty() const { return polled_.empty() && told_.empty(); }

  enum class Wake : std::uint8_t { deadline, fired, stopped };

  /// Waits until the deadline, a trigger or the stop. Every trigger is looked at once at least, but for a deadline that
  /// has passed when the wait before ended with a trigger, so that grids have their turn. What a trigger throws goes
  /// through as a MeasurementError that names its acquisition.
  Wake wait_until(std::int64_t deadline, const std::stop_token& stop, PreciseWait& wait);

  /// After Wake::fired.
  [[nodiscard]] const Fired& fired() const { return fired_; }

 private:
  struct Polled {
    binding::Acquisition* acquisition;
    std::size_t ordinal;
    std::int64_t period;
    std::int64_t next = INT64_MIN;
  };

  void add(binding::Acquisition& acquisition, std::size_t ordinal);
  [[nodiscard]] bool has_fired();
  [[nodiscard]] bool poll_has_fired(std::int64_t now);
  [[nodiscard]] std::int64_t next_poll() const;

  base::Clock& clock_;
  bool each_;
  std::vector<Polled> polled_;
  std::vector<Instrument*> told_;  ///< whose links tell of service requests
  std::shared_ptr<ServiceRequests> requests_ = std::make_shared<ServiceRequests>();
  Fired fired_;
  bool last_fired_ = false;
};

}  // namespace wheatstone::session
