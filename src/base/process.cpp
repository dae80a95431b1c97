#include "base/process.hpp"

#include <pthread.h>
#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <string>
#include <wheatstone/error.hpp>

namespace wheatstone::base {
namespace {

constinit std::atomic<std::uint64_t> g_generation{0};

[[maybe_unused]] const int g_registered =
    ::pthread_atfork(nullptr, nullptr, [] { g_generation.fetch_add(1, std::memory_order_relaxed); });

}  // namespace

std::uint64_t fork_generation() noexcept { return g_generation.load(std::memory_order_relaxed); }

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  ::getpwuid_r(::getuid(), &entry, text.data(), text.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(::getuid());
}

std::string host_name() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "an unnamed host";
}

void ProcessBound::require_own_process(std::string_view what) const {
  if (in_own_process()) return;
  throw ConfigurationError(std::string(what) +
                           " belongs to the process that made it; after a fork, open it again in the child "
                           "(or start children with the 'spawn' method)");
}

}  // namespace wheatstone::base
