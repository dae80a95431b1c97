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

/// Descriptors plus one, so that zero is a free place.
constinit std::array<std::atomic<int>, 256> g_closed_in_child{};

void begin_child() {
  g_generation.fetch_add(1, std::memory_order_relaxed);
  for (std::atomic<int>& place : g_closed_in_child) {
    if (const int kept = place.exchange(0); kept != 0) ::close(kept - 1);
  }
}

[[maybe_unused]] const int g_registered = ::pthread_atfork(nullptr, nullptr, begin_child);

}  // namespace

std::uint64_t fork_generation() noexcept { return g_generation.load(std::memory_order_relaxed); }

std::string user_name() { return user_name(::getuid()); }

std::string user_name(unsigned int uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  ::getpwuid_r(uid, &entry, text.data(), text.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(uid);
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

ClosedInChild::ClosedInChild(int fd) noexcept {
  for (std::atomic<int>& place : g_closed_in_child) {
    int free = 0;
    if (!place.compare_exchange_strong(free, fd + 1)) continue;
    place_ = &place;
    return;
  }
}

ClosedInChild::~ClosedInChild() {
  if (place_ != nullptr) place_->store(0);
}

}  // namespace wheatstone::base
