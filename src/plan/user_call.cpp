#include "plan/user_call.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "base/text.hpp"

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

std::string text_of(const Value& value) {
  if (const bool* b = value.get_if<bool>()) return *b ? "true" : "false";
  if (const std::int64_t* i = value.get_if<std::int64_t>()) return std::to_string(*i);
  if (const double* d = value.get_if<double>()) return base::shortest(*d);
  if (const std::string* s = value.get_if<std::string>()) return "'" + *s + "'";
  return std::string(name_of(value.kind()));
}

std::string text_of(const Place& place) {
  std::string text;
  for (std::size_t k = 0; k < place.values.size(); ++k) {
    if (place.values[k].is_null()) continue;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", place.names[k], text_of(place.values[k]));
  }
  return text;
}

void throw_failed(std::string_view what, const Place& place, const std::exception_ptr& cause) {
  const std::string where = text_of(place);
  MeasurementError error(
      fmt::format("{} failed{}{}: {}", what, where.empty() ? "" : " at ", where, text_of_cause(cause)));
  error.set_cause(cause);
  throw error;
}

}  // namespace wheatstone::plan
