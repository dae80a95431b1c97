// Exceptions cross the border of the shared library with their types and contents, and the version is the package's.
#include <cstdint>
#include <cstdio>
#include <wheatstone/error.hpp>
#include <wheatstone/value.hpp>
#include <wheatstone/version.hpp>

namespace ws = wheatstone;

int main() {
  std::printf("wheatstone %s\n", std::string(ws::version()).c_str());
  try {
    const ws::Value too_large(UINT64_MAX);
  } catch (const ws::DataError& error) {
    std::printf("caught: %s\n", error.what());
    return 0;
  }
  return 1;
}
