#pragma once
// Calls from a plan into what belongs to the user.

#include <exception>
#include <string>
#include <string_view>

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Throws a MeasurementError "<what> failed at <place>: <text>" with its cause.
[[noreturn]] void throw_failed(std::string_view what, const Place& place, const std::exception_ptr& cause);

/// Calls `f`; what it throws leaves by throw_failed. `what` is text or a function of nothing that makes it.
template <class Text, class F>
auto call_user(const Text& what, const Place& place, F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (...) {
    if constexpr (std::is_convertible_v<Text, std::string_view>) {
      throw_failed(what, place, std::current_exception());
    } else {
      throw_failed(what(), place, std::current_exception());
    }
  }
}

}  // namespace wheatstone::plan
