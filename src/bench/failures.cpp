#include "bench/failures.hpp"

#include <wheatstone/error.hpp>

namespace wheatstone::bench {
namespace {

/// Text of what was thrown.
std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an error of no known kind";
  }
}

}  // namespace

void raise(const std::vector<std::exception_ptr>& failures) {
  if (failures.empty()) return;
  try {
    std::rethrow_exception(failures.front());
  } catch (Error& error) {
    for (std::size_t i = 1; i < failures.size(); ++i) error.attach(text_of(failures[i]));
    throw;
  }
}

}  // namespace wheatstone::bench
