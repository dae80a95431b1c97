#include "procedure/attempts.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <wheatstone/error.hpp>

namespace wheatstone::procedure {
namespace {

struct NamedFilter {
  std::string_view name;
  bool (*is)(const std::exception_ptr& error);
};

template <class E>
bool is(const std::exception_ptr& error) {
  return retry_on<E>()(error);
}

constexpr std::array k_errors = std::to_array<NamedFilter>({
    {"Error", &is<Error>},
    {"ConnectionError", &is<ConnectionError>},
    {"TimeoutError", &is<TimeoutError>},
    {"CommunicationError", &is<CommunicationError>},
    {"InstrumentError", &is<InstrumentError>},
    {"LimitError", &is<LimitError>},
    {"DataError", &is<DataError>},
});

}  // namespace

std::vector<std::string> error_names() {
  std::vector<std::string> names;
  for (const NamedFilter& error : k_errors) names.emplace_back(error.name);
  return names;
}

ErrorFilter filter_of(const std::vector<std::string>& names) {
  std::vector<bool (*)(const std::exception_ptr&)> taken;
  for (const NamedFilter& error : k_errors) {
    if (std::ranges::find(names, error.name) != names.end()) taken.push_back(error.is);
  }
  return [taken = std::move(taken)](const std::exception_ptr& error) {
    return std::ranges::any_of(taken, [&](auto* is_one) { return is_one(error); });
  };
}

}  // namespace wheatstone::procedure
