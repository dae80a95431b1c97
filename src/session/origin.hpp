#pragma once
// Who asked something of a run.

#include <string_view>

#include "io/document.hpp"
#include "io/local_socket.hpp"

namespace wheatstone::session {

/// Who asked, as a run's events keep it: {"by": "thread", "thread": "MainThread"}, {"by": "keyboard"}, {"by": "signal",
/// "signal": "TERM"}, {"by": "process", "user": "anna", "uid": 1000, "pid": 4711, "program": "wheatstone"}.
using Origin = io::Document;

/// The calling thread: by that name where a language knows it by one, else by the system's name and number.
[[nodiscard]] Origin origin_of_this_thread(std::string_view name = {});
[[nodiscard]] Origin origin_of_keyboard();
[[nodiscard]] Origin origin_of_signal(int number);
[[nodiscard]] Origin origin_of(const io::Peer& peer);

/// "TERM" for SIGTERM; its number as text where it has no name.
[[nodiscard]] std::string signal_name(int number);

}  // namespace wheatstone::session
