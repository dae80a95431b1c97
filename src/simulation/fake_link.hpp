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
  Link(SimulatedBench& bench, const std::string& alias, std::string_view profile)
      : transport_(bench.connect(alias, profile::load_profile(profile))) {}

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
  static std::int64_t deadline() { return base::system_clock().monotonic() + 10 * k_second; }
  std::unique_ptr<transport::Transport> transport_;
};

}  // namespace wheatstone::simulation
