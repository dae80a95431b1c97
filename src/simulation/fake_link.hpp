#pragma once
// A driver's place in the tests of the simulated bench: writes, queries, numbers.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "scpi/number.hpp"
#include "simulation/simulated_bench.hpp"

namespace wheatstone::simulation {

inline constexpr std::int64_t k_second = 1'000'000'000;

class Link {
 public:
  Link(SimulatedBench& bench, const std::string& alias, std::string_view profile,
       base::Clock& clock = base::system_clock())
      : clock_(&clock), transport_(bench.connect(alias, profile::load_profile(profile))) {}

  void write(std::string_view message) { transport_->write(message, deadline()); }
  std::string query(std::string_view message) {
    write(message);
    return transport_->read_message(deadline());
  }
  double number(std::string_view message) {
    const std::string answer = query(message);
    const auto value = scpi::parse_response_number(answer);
    if (!value) ADD_FAILURE() << message << " answered " << answer;
    return value.value_or(0);
  }
  std::string error() { return query("SYST:ERR?"); }
  transport::Transport& transport() { return *transport_; }

 private:
  std::int64_t deadline() const { return clock_->monotonic() + 10 * k_second; }
  base::Clock* clock_;
  std::unique_ptr<transport::Transport> transport_;
};

/// A supply, a load and a meter on one rail, in a time that moves only when a test says so or an instrument takes its
/// own.
struct VirtualRail {
  void pass(double seconds) {
    (void)clock->wait_until(clock->monotonic() + static_cast<std::int64_t>(seconds * 1e9), {});
  }

  std::unique_ptr<base::Clock> clock = base::make_virtual_clock();
  base::ClockParticipant participant{*clock};
  SimulatedBench bench{{.seed = 1, .pace = Pace::virtual_time, .clock = clock.get()}};
  Link psu{bench, "psu", "keysight/EDU36311A", *clock};
  Link load{bench, "load", "keysight/EL33133A", *clock};
  Link dmm{bench, "dmm", "keysight/34470A", *clock};
  Link scope{bench, "scope", "keysight/DSOX1204G", *clock};
};

}  // namespace wheatstone::simulation
