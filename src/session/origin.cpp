#include "session/origin.hpp"

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <string>

namespace wheatstone::session {

Origin origin_of_this_thread(std::string_view name) {
  Origin origin = Origin::object({{"by", "thread"}});
  if (!name.empty()) {
    origin["thread"] = name;
    return origin;
  }
  std::array<char, 16> system_name{};
  if (::pthread_getname_np(::pthread_self(), system_name.data(), system_name.size()) == 0) {
    origin["thread"] = system_name.data();
  }
  origin["tid"] = std::int64_t{::syscall(SYS_gettid)};
  return origin;
}

Origin origin_of_keyboard() { return Origin::object({{"by", "keyboard"}}); }

Origin origin_of_signal(int number) { return Origin::object({{"by", "signal"}, {"signal", signal_name(number)}}); }

Origin origin_of(const io::Peer& peer) {
  return Origin::object({{"by", "process"},
                         {"user", peer.user()},
                         {"uid", std::int64_t{peer.uid}},
                         {"pid", std::int64_t{peer.pid}},
                         {"program", peer.program()}});
}

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string(name) : std::to_string(number);
}

}  // namespace wheatstone::session
