#include "instrument/instrument_mutex.hpp"

#include <gtest/gtest.h>

#include <semaphore>
#include <stop_token>
#include <thread>
#include <vector>

namespace wheatstone::instrument {
namespace {

constexpr std::int64_t k_long = 60'000'000'000;

TEST(InstrumentMutex, nests_in_one_thread_and_keeps_others_out_until_the_last_unlock) {
  InstrumentMutex mutex;
  ASSERT_TRUE(mutex.try_lock());
  ASSERT_TRUE(mutex.try_lock_for(0));
  const auto others_try = [&] {
    bool taken = false;
    std::jthread([&] {
      taken = mutex.try_lock_for(1'000'000);
      if (taken) mutex.unlock();
    }).join();
    return taken;
  };
  EXPECT_FALSE(others_try());
  mutex.unlock();
  EXPECT_FALSE(others_try());
  mutex.unlock();
  EXPECT_TRUE(others_try());
}

TEST(InstrumentMutex, lets_one_thread_in_at_a_time) {
  InstrumentMutex mutex;
  int count = 0;  // not atomic: the lock is what keeps it right
  constexpr int k_rounds = 2000;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < k_rounds; ++i) {
          ASSERT_TRUE(mutex.try_lock_for(k_long));
          ++count;
          mutex.unlock();
        }
      });
    }
  }
  EXPECT_EQ(count, 4 * k_rounds);
}

TEST(InstrumentMutex, serves_who_waits_before_who_takes_again) {
  InstrumentMutex mutex;
  std::atomic<bool> other_done = false;
  ASSERT_TRUE(mutex.try_lock());
  std::jthread other([&] {
    ASSERT_TRUE(mutex.try_lock_for(k_long));
    other_done = true;
    mutex.unlock();
  });
  while (!mutex.is_awaited()) std::this_thread::yield();
  mutex.unlock();
  ASSERT_TRUE(mutex.try_lock_for(k_long));
  EXPECT_TRUE(other_done);
  mutex.unlock();
}

TEST(InstrumentMutex, is_handed_over_before_who_lets_go_can_take_it_again) {
  InstrumentMutex mutex;
  ASSERT_TRUE(mutex.try_lock());
  std::binary_semaphore woken(0);
  std::binary_semaphore refused(0);
  std::jthread other([&] {
    EXPECT_TRUE(mutex.lock_handed([&](const std::stop_token& handed) {
      const std::stop_callback wake(handed, [&] { woken.release(); });
      woken.acquire();
    }));
    refused.acquire();
    mutex.unlock();
  });
  while (!mutex.is_awaited()) std::this_thread::yield();
  mutex.unlock();
  EXPECT_FALSE(mutex.try_lock());
  refused.release();
  other.join();
  EXPECT_FALSE(mutex.is_awaited());
  ASSERT_TRUE(mutex.try_lock());
  std::jthread([&] { EXPECT_FALSE(mutex.lock_handed([](const std::stop_token&) {})); }).join();
  EXPECT_FALSE(mutex.is_awaited());
  mutex.unlock();
}

}  // namespace
}  // namespace wheatstone::instrument
