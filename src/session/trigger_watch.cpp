#include "session/trigger_watch.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>
#include <wheatstone/instrument.hpp>

#include "instrument/conversation.hpp"
#include "session/exit_steps.hpp"

namespace wheatstone::session {
namespace {

constexpr std::int64_t k_callable_period = 1'000'000;      // nanoseconds between calls
constexpr std::int64_t k_status_byte_period = 10'000'000;  // nanoseconds between questions to an instrument
constexpr std::uint8_t k_service_request = 0x40;           // RQS or MSS, IEEE 488.2, 11.2

bool asks_now(binding::Acquisition& acquisition) {
  const Trigger& trigger = acquisition.options().trigger;
  try {
    if (trigger.ready()) return trigger.ready()();
    return (trigger.instrument()->status_byte() & k_service_request) != 0;
  } catch (...) {
    const std::exception_ptr cause = std::current_exception();
    MeasurementError error(
        fmt::format("the trigger of acquisition '{}' failed: {}; the run was ended and its rows are "
                    "kept",
                    acquisition.name(), text_of(cause)));
    error.set_cause(cause);
    throw error;
  }
}

}  // namespace

void ServiceRequests::add(Request request) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(request);
  if (armed_.stop_possible()) armed_.request_stop();
}

std::optional<ServiceRequests::Request> ServiceRequests::take() {
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  const Request oldest = waiting_.front();
  waiting_.pop_front();
  return oldest;
}

std::uint64_t ServiceRequests::take_all_of(std::size_t acquisition) {
  const std::scoped_lock lock(mutex_);
  return std::erase_if(waiting_, [&](const Request& request) { return request.acquisition == acquisition; });
}

std::stop_source ServiceRequests::arm() {
  const std::scoped_lock lock(mutex_);
  armed_ = std::stop_source();
  if (!waiting_.empty()) armed_.request_stop();
  return armed_;
}

TriggerWatch::TriggerWatch(const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions, base::Clock& clock,
                           bool each)
    : clock_(clock), each_(each) {
  for (std::size_t a = 0; a < acquisitions.size(); ++a) {
    if (acquisitions[a]->options().trigger) add(*acquisitions[a], a);
  }
}

TriggerWatch::~TriggerWatch() {
  for (Instrument* const instrument : told_) {
    try {
      instrument->conversation().on_service_request({});
    } catch (const Error&) {  // a link that is broken tells of nothing any more
    }
  }
}

void TriggerWatch::add(binding::Acquisition& acquisition, std::size_t ordinal) {
  const AcquisitionOptions& options = acquisition.options();
  Instrument* const instrument = options.trigger.instrument();
  if (instrument != nullptr && !options.poll) {
    const auto tell = [requests = requests_, ordinal, &clock = clock_](std::uint8_t) {
      requests->add({.acquisition = ordinal, .at = clock.monotonic()});
    };
    if (instrument->conversation().on_service_request(tell)) {
      told_.push_back(instrument);
      return;
    }
  }
  const std::int64_t usual = instrument != nullptr ? k_status_byte_period : k_callable_period;
  polled_.push_back(
      {.acquisition = &acquisition, .ordinal = ordinal, .period = options.poll ? options.poll->nanoseconds() : usual});
}

TriggerWatch::Wake TriggerWatch::wait_until(std::int64_t deadline, const std::stop_token& stop, PreciseWait& wait) {
  using ClockWake = base::Clock::Wake;
  if (std::exchange(last_fired_, false) && clock_.monotonic() >= deadline) return Wake::deadline;
  std::stop_source woken = told_.empty() ? std::stop_source(std::nostopstate) : requests_->arm();
  const std::stop_callback on_end(stop, [&woken] { woken.request_stop(); });
  const std::stop_token token = told_.empty() ? stop : woken.get_token();
  for (;;) {
    if (stop.stop_requested()) return Wake::stopped;
    if (has_fired()) {
      last_fired_ = true;
      return Wake::fired;
    }
    const std::int64_t poll = next_poll();
    const ClockWake wake = poll < deadline ? clock_.wait_until(poll, token) : wait.until(deadline, token);
    if (wake == ClockWake::deadline && poll >= deadline) return Wake::deadline;
  }
}

bool TriggerWatch::has_fired() {
  if (const auto request = requests_->take()) {
    fired_ = {.acquisition = request->acquisition, .at = request->at};
    if (!each_) fired_.missed = requests_->take_all_of(request->acquisition);
    return true;
  }
  return poll_has_fired(clock_.monotonic());
}

bool TriggerWatch::poll_has_fired(std::int64_t now) {
  for (Polled& polled : polled_) {
    if (polled.next > now) continue;
    const bool fires = asks_now(*polled.acquisition);
    const std::int64_t answered = clock_.monotonic();
    polled.next = answered + polled.period;
    if (!fires) continue;
    fired_ = {.acquisition = polled.ordinal, .at = answered};
    return true;
  }
  return false;
}

std::int64_t TriggerWatch::next_poll() const {
  std::int64_t next = INT64_MAX;
  for (const Polled& polled : polled_) next = std::min(next, polled.next);
  return next;
}

}  // namespace wheatstone::session
