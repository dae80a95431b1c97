#pragma once
// The link to a simulated instrument in the same process.

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>

#include <wheatstone/error.hpp>

#include "base/process.hpp"
#include "simulation/simulated_instrument.hpp"
#include "transport/transport.hpp"

namespace wheatstone::simulation {

/// Transport to a SimulatedInstrument. A query that nobody contends for and that takes no time waits nowhere, so it
/// enters no BlockingRegion. Where nothing was asked
/// that will be answered, as after a query that the model does not know, the time-out passes as the bench's pace has
/// it: at once at the pace fast. An answer that waits for something, as a trigger, is waited for until the deadline.
class SimulatedTransport final : public transport::Transport {
 public:
  explicit SimulatedTransport(std::shared_ptr<SimulatedInstrument> instrument) : instrument_(std::move(instrument)) {}

  void cancel() noexcept override;
  void reset_cancel() noexcept override;
  [[nodiscard]] std::uint8_t read_status_byte(std::int64_t deadline) override;
  /// The link has no service request: false.
  bool on_service_request(std::function<void(std::uint8_t)> callback) override;
  [[nodiscard]] std::string address() const override { return "simulated"; }
  void close() noexcept override { closed_ = true; }

 protected:
  void do_write(std::string_view message, std::int64_t deadline) override;
  [[nodiscard]] std::string do_read_message(std::int64_t deadline) override;
  void do_clear(std::int64_t deadline) override;
  void do_trigger(std::int64_t deadline) override;

 private:
  void require_usable() const;
  void wait_until(std::int64_t clock_instant);
  [[nodiscard]] ErrorContext context() const;

  // constant after construction
  std::shared_ptr<SimulatedInstrument> instrument_;
  base::ProcessBound process_;
  // own synchronisation
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> closed_{false};
  std::mutex cancel_mutex_;
  std::stop_source cancel_;  // protected by cancel_mutex_
};

}  // namespace wheatstone::simulation
