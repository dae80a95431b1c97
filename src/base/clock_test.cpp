#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace wheatstone::base {
namespace {

TEST(SystemClock, wakes_at_once_when_stopped) {
  std::stop_source stop;
  std::jthread waiter([&] {
    const auto forever = system_clock().monotonic() + 3'600'000'000'000;
    EXPECT_EQ(system_clock().wait_until(forever, stop.get_token()), Clock::Wake::stopped);
  });
  stop.request_stop();
}

TEST(VirtualClock, jumps_to_the_deadline_when_its_only_participant_waits) {
  const auto clock = make_virtual_clock();
  const ClockParticipant me(*clock);
  const auto start = clock->monotonic();
  EXPECT_EQ(clock->wait_until(start + 5'000'000'000, {}), Clock::Wake::deadline);
  EXPECT_EQ(clock->monotonic(), start + 5'000'000'000);
}

TEST(VirtualClock, moves_only_when_all_participants_wait) {
  const auto clock = make_virtual_clock();
  clock->join();
  clock->join();
  const auto start = clock->monotonic();
  std::int64_t seen = 0;
  std::thread other([&] {
    clock->wait_until(start + 10, {});
    seen = clock->monotonic();
    clock->wait_until(start + 30, {});
    clock->leave();
  });
  clock->wait_until(start + 20, {});
  EXPECT_EQ(clock->monotonic(), start + 20);
  clock->leave();
  other.join();
  EXPECT_EQ(seen, start + 10);
  EXPECT_EQ(clock->monotonic(), start + 30);
}

}  // namespace
}  // namespace wheatstone::base
