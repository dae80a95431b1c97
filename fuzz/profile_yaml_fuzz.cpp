// A profile that somebody wrote, or half wrote: it is read, or refused with its place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "profile/profile.hpp"
#include "wheatstone/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto profile =
        wheatstone::profile::parse_profile(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.yaml");
    if (profile->commands == nullptr || profile->model.empty()) std::abort();
  } catch (const wheatstone::ConfigurationError&) {
    return 0;
  }
  return 0;
}
