#include "transport/message_scanner.hpp"

#include <gtest/gtest.h>

#include <string>
#include <wheatstone/error.hpp>

namespace wheatstone::transport {
namespace {

/// Where a message ends when its bytes come in pieces of `step`.
std::optional<std::size_t> end_of(std::string_view bytes, std::size_t step) {
  MessageScanner scanner;
  for (std::size_t held = std::min(step, bytes.size());; held = std::min(held + step, bytes.size())) {
    if (const auto end = scanner.scan(bytes.substr(0, held))) return end;
    if (held == bytes.size()) return std::nullopt;
  }
}

void expect_end(std::string_view bytes, std::optional<std::size_t> expected) {
  for (std::size_t step = 1; step <= bytes.size(); ++step)
    EXPECT_EQ(end_of(bytes, step), expected) << bytes << " by " << step;
}

TEST(MessageScanner, ends_a_line_at_its_newline) {
  expect_end("+1.5E+00\n", 8);
  expect_end("1,2;3\n", 5);
  expect_end("\n", 0);
  expect_end("+1.5E+00", std::nullopt);
}

TEST(MessageScanner, steps_over_newlines_in_a_definite_block) {
  expect_end("#15a\nb\nc\n", 8);
  expect_end("#210\n\n\n\n\n\n\n\n\n\n\n", 14);
  expect_end("#15a\nb\n", std::nullopt);
}

TEST(MessageScanner, finds_blocks_inside_of_a_message) {
  expect_end("1,#13a\nb,2\n", 10);
  expect_end("7;#13\n\n\n;0,\"No error\"\n", 21);
}

TEST(MessageScanner, takes_a_hash_in_text_for_text) {
  expect_end("\"a,#19\"\n", 7);
  expect_end("MODEL #19\n", 9);
  expect_end("it's\n", 4);
}

TEST(MessageScanner, takes_numbers_of_other_bases) {
  expect_end("#H1F\n", 4);
  expect_end("#B101,#Q17\n", 10);
}

TEST(MessageScanner, ends_an_indefinite_block_where_nothing_more_came) {
  MessageScanner scanner;
  EXPECT_EQ(scanner.scan("#0ab\ncd"), std::nullopt);
  EXPECT_EQ(scanner.scan("#0ab\ncd\n"), 7U);
}

TEST(MessageScanner, refuses_a_header_that_is_none) {
  MessageScanner scanner;
  EXPECT_THROW(static_cast<void>(scanner.scan("#x5")), CommunicationError);
  scanner.reset();
  EXPECT_THROW(static_cast<void>(scanner.scan("#2a")), CommunicationError);
}

TEST(MessageScanner, knows_how_much_of_a_block_is_missing) {
  MessageScanner scanner;
  EXPECT_EQ(scanner.scan("#41000abc"), std::nullopt);
  EXPECT_EQ(scanner.missing(9), 998U) << "997 bytes and a newline";
}

}  // namespace
}  // namespace wheatstone::transport
