#include "plan/user_call.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "plan/text.hpp"

namespace wheatstone::plan {
namespace {

std::string text_of_cause(const std::exception_ptr& cause) {
  try {
    std::rethrow_exception(cause);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace

void throw_failed(std::string_view what, const Place& place, const std::exception_ptr& cause) {
  const std::string where = text_of(place);
  MeasurementError error(
      fmt::format("{} failed{}{}: {}", what, where.empty() ? "" : " at ", where, text_of_cause(cause)));
  error.set_cause(cause);
  throw error;
}

}  // namespace wheatstone::plan
