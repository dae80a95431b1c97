#include "simulation/status_model.hpp"

#include <gtest/gtest.h>

namespace wheatstone::simulation {
namespace {

TEST(ErrorQueue, gives_errors_in_order_and_then_none) {
  ErrorQueue queue(20);
  queue.push(-113, "");
  queue.push(-222, "VOLT 9");
  EXPECT_EQ(queue.pop(), "-113,\"Undefined header\"");
  EXPECT_EQ(queue.pop(), "-222,\"Data out of range;VOLT 9\"");
  EXPECT_EQ(queue.pop(), "+0,\"No error\"");
}

TEST(ErrorQueue, replaces_the_newest_by_overflow_when_full) {
  ErrorQueue queue(3);
  for (int i = 0; i < 5; ++i) queue.push(-113, "");
  EXPECT_EQ(queue.pop(), "-113,\"Undefined header\"");
  EXPECT_EQ(queue.pop(), "-113,\"Undefined header\"");
  EXPECT_EQ(queue.pop(), "-350,\"Queue overflow\"");
  EXPECT_TRUE(queue.empty());
}

TEST(StatusModel, sets_the_event_bit_of_each_error_class) {
  StatusModel status(20);
  EXPECT_EQ(status.take_event(), k_power_on);
  status.report(-113);
  EXPECT_EQ(status.take_event(), k_command_error);
  status.report(-222);
  EXPECT_EQ(status.take_event(), k_execution_error);
  status.report(-310);
  EXPECT_EQ(status.take_event(), k_device_error);
  status.report(-410);
  EXPECT_EQ(status.take_event(), k_query_error);
  status.report(531);
  EXPECT_EQ(status.take_event(), k_device_error);
  EXPECT_EQ(status.take_event(), 0);
}

TEST(StatusModel, sums_up_in_the_status_byte) {
  StatusModel status(20);
  (void)status.take_event();
  EXPECT_EQ(status.status_byte(false), 0);
  EXPECT_EQ(status.status_byte(true), 0x10);
  status.report(-113);
  EXPECT_EQ(status.status_byte(false), 0x04);
  status.event_enable = k_command_error;
  EXPECT_EQ(status.status_byte(false), 0x24);
  status.service_request_enable = 0x20;
  EXPECT_EQ(status.status_byte(false), 0x64);
  status.clear();
  EXPECT_EQ(status.status_byte(false), 0);
}

TEST(RegisterGroup, latches_what_rises_until_it_is_read) {
  RegisterGroup group;
  group.update(0x0400);
  group.update(0x0000);
  EXPECT_EQ(group.condition(), 0);
  EXPECT_EQ(group.take_event(), 0x0400);
  EXPECT_EQ(group.take_event(), 0);
}

TEST(RegisterGroup, latches_what_falls_where_the_negative_filter_asks_for_it) {
  RegisterGroup group;
  group.positive = 0;
  group.negative = 0x0100;
  group.enable = 0x0100;
  group.update(0x0100);
  EXPECT_FALSE(group.summary());
  group.update(0);
  EXPECT_TRUE(group.summary());
}

}  // namespace
}  // namespace wheatstone::simulation
