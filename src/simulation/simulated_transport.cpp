#include "simulation/simulated_transport.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/blocking.hpp"

namespace wheatstone::simulation {

ErrorContext SimulatedTransport::context() const {
  return {.alias = instrument_->alias(), .model = instrument_->profile().name, .address = address()};
}

void SimulatedTransport::require_usable() const {
  process_.require_own_process("a simulated instrument");
  if (closed_) {
    throw ConnectionError(
        fmt::format("'{}': the link to the simulated instrument is closed; connect anew", instrument_->alias()),
        context());
  }
  if (cancelled_) throw Interrupted(fmt::format("'{}': cancelled", instrument_->alias()), context());
}

void SimulatedTransport::do_write(std::string_view message, std::int64_t) {
  require_usable();
  instrument_->write(message);
}

std::string SimulatedTransport::do_read_message(std::int64_t deadline) {
  BenchTime& time = instrument_->time();
  bool told = false;
  for (;;) {
    require_usable();
    SimulatedInstrument::Output output = instrument_->read();
    if (output.response) return *std::move(output.response);
    if (!output.ready_at && !told) {
      instrument_->report_unterminated();
      told = true;
    }
    const std::int64_t now = time.clock().monotonic();
    const std::int64_t skipped = time.now() - now;
    // Nothing was asked that could still be answered: the time-out passes in the bench's time alone.
    const bool passes_at_once = !output.ready_at && time.pace() == Pace::fast;
    if (passes_at_once) (void)time.reach(deadline + skipped, deadline, {});
    if (now >= deadline || passes_at_once) {
      throw TimeoutError("No answer of the simulated instrument within the time-out", context());
    }
    wait_until(output.ready_at ? std::min(deadline, *output.ready_at - skipped) : deadline);
  }
}

void SimulatedTransport::wait_until(std::int64_t clock_instant) {
  std::stop_token stop;
  {
    const std::scoped_lock lock(cancel_mutex_);
    stop = cancel_.get_token();
  }
  base::Clock& clock = instrument_->time().clock();
  if (clock.is_virtual()) {
    (void)clock.wait_until(clock_instant, std::move(stop));  // the caller looks again either way
    return;
  }
  // In slices, so that a user's Ctrl-C ends the wait where no run would hear of it.
  const base::BlockingRegion region;
  for (std::int64_t now = clock.monotonic(); now < clock_instant; now = clock.monotonic()) {
    const std::int64_t slice = std::min(clock_instant, now + base::k_interruption_check);
    if (clock.wait_until(slice, stop) == base::Clock::Wake::stopped) return;
    if (base::interruption_requested()) {
      throw Interrupted(fmt::format("'{}': waiting for its answer was interrupted", instrument_->alias()), context());
    }
  }
}

void SimulatedTransport::cancel() noexcept {
  const std::scoped_lock lock(cancel_mutex_);
  cancelled_ = true;
  cancel_.request_stop();
}

void SimulatedTransport::reset_cancel() noexcept {
  const std::scoped_lock lock(cancel_mutex_);
  if (!cancelled_) return;
  cancel_ = std::stop_source();
  cancelled_ = false;
}

std::uint8_t SimulatedTransport::read_status_byte(std::int64_t) {
  require_usable();
  return instrument_->status_byte();
}

bool SimulatedTransport::on_service_request(std::function<void(std::uint8_t)>) { return false; }

void SimulatedTransport::do_clear(std::int64_t) {
  require_usable();
  instrument_->clear();
}

void SimulatedTransport::do_trigger(std::int64_t) {
  require_usable();
  instrument_->trigger();
}

}  // namespace wheatstone::simulation
