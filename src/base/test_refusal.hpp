#pragma once
// What an action was refused with, and what a text says. For tests only.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <wheatstone/error.hpp>

namespace wheatstone::base {

/// The text of the Failure that an action throws; other exceptions go through.
template <class Failure = Error, class Action>
[[nodiscard]] std::string reason(const Action& action) {
  try {
    action();
  } catch (const Failure& error) {
    return error.what();
  }
  return "nothing was refused";
}

inline void expect_says(std::string_view text, std::string_view part) {
  EXPECT_NE(text.find(part), std::string_view::npos) << text;
}

}  // namespace wheatstone::base
