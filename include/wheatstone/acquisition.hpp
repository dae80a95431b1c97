#pragma once
// How an acquisition is called: how often, again after which errors, and what becomes of a point that it cannot
// measure.

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/trigger.hpp>

namespace wheatstone {
inline namespace v1 {

/// What an acquisition's error does once no attempt is left.
enum class OnError : std::uint8_t {
  fail,  ///< ends the run with a MeasurementError
  skip,  ///< keeps the row, with nulls and the error's text in the column `<acquisition>.error`
};

/// Says of an error whether another attempt may help.
using ErrorFilter = std::function<bool(const std::exception_ptr&)>;

/// All fields have a meaning of their own; the defaults call the acquisition once a point and fail with it.
struct AcquisitionOptions {
  /// Calls a point. With more than one, each number becomes the mean, with its sample standard deviation (n - 1) in
  /// `<name>_std`; the standard uncertainties are averaged, and of anything else the last counts.
  std::uint32_t samples = 1;
  std::uint32_t retries = 0;  ///< further attempts after an error; each is kept in the run's events
  Duration backoff = {};  ///< before the first further attempt; twice as long before each one after; with retries only
  /// See retry_on<...>(); empty: ConnectionError, TimeoutError and CommunicationError. With retries only.
  ErrorFilter retry_on = {};
  OnError on_error = OnError::fail;
  /// In a timed run, between its own slots, on the grid start + k * interval; the run's interval where not given. In
  /// rows in which it is not due its cells are null.
  std::optional<Duration> interval = {};
  /// In a timed run, in place of an interval: each time that it fires makes a row of this acquisition's own.
  Trigger trigger = {};
  /// How often the trigger is asked: 1 ms for a callable, 10 ms for an instrument's status byte where not given. Given
  /// with an instrument, its status byte is asked for even where its link tells of service requests by itself.
  std::optional<Duration> poll = {};
  /// Aliases of the instruments that it uses, for runs whose acquisitions go on in parallel. From Python they are known
  /// by the arguments' names.
  std::vector<std::string> uses = {};
};

/// A filter for errors of these classes: `.retry_on = retry_on<TimeoutError, InstrumentError>()`.
template <class... Errors>
[[nodiscard]] ErrorFilter retry_on() {
  return [](const std::exception_ptr& error) {
    const auto is = [&error]<class E>() {
      try {
        std::rethrow_exception(error);
      } catch (const E&) {
        return true;
      } catch (...) {
        return false;
      }
    };
    return (is.template operator()<Errors>() || ...);
  };
}

}  // namespace v1
}  // namespace wheatstone
