// The end of the control socket that is not the run's.

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <wheatstone/control.hpp>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/clock.hpp"
#include "io/document.hpp"
#include "io/local_socket.hpp"
#include "session/control_message.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr std::int64_t k_patience = 5'000'000'000;    // nanoseconds for one question and its answer
constexpr std::size_t k_longest_answer = 16'777'216;  // bytes

std::filesystem::path socket_of(const Experiment& run) {
  switch (run.state()) {
    case RunState::preparing:
    case RunState::running:
    case RunState::paused:
    case RunState::stopping:
      break;
    default:
      throw ConnectionError(fmt::format("the run '{}' ({}) is {}; there is nothing to control any more", run.name(),
                                        run.id(), name_of(run.state())));
  }
  const io::Document record = io::Document::parse(run.metadata());
  const std::string socket = record.text({"control", "socket"});
  if (!socket.empty()) return socket;
  const std::string why = record.text({"control", "error"}, "it may run on another version");
  throw ConnectionError(fmt::format("the run '{}' ({}) has no control socket: {}", run.name(), run.id(), why));
}

}  // namespace

struct RemoteRun::State {
  explicit State(const Experiment& run) : id(run.id()), name(run.name()), socket(io::connect_to(socket_of(run))) {}

  Progress ask(std::optional<Action> action) {
    const base::BlockingRegion region;
    const std::int64_t deadline = base::system_clock().monotonic() + k_patience;
    send(session::control_request(action) + "\n");
    return session::parse_control_answer(read_line(deadline));
  }

  void send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw gone();
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  std::string read_line(std::int64_t deadline) {
    std::string line;
    while (true) {
      await(deadline);
      char bytes[4096];
      const ssize_t n = ::recv(socket.fd(), bytes, sizeof bytes, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0 || line.size() > k_longest_answer) throw gone();
      line.append(bytes, static_cast<std::size_t>(n));
      if (const std::size_t end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
    }
  }

  void await(std::int64_t deadline) const {
    pollfd polled{socket.fd(), POLLIN, 0};
    while (true) {
      const std::int64_t left = deadline - base::system_clock().monotonic();
      const int ready = left <= 0 ? 0 : ::poll(&polled, 1, static_cast<int>(left / 1'000'000 + 1));
      if (ready > 0) return;
      if (ready == 0) {
        throw TimeoutError(fmt::format("the run '{}' ({}) did not answer within 5 s; look at its process", name, id));
      }
      if (errno != EINTR) throw gone();
    }
  }

  [[nodiscard]] ConnectionError gone() const {
    return ConnectionError(fmt::format("the run '{}' ({}) has ended meanwhile", name, id));
  }

  const std::string id;
  const std::string name;
  const io::LocalSocket socket;
};

RemoteRun::RemoteRun(const std::filesystem::path& folder) : state_(std::make_unique<State>(Experiment::open(folder))) {}
RemoteRun::~RemoteRun() = default;
RemoteRun::RemoteRun(RemoteRun&&) noexcept = default;
RemoteRun& RemoteRun::operator=(RemoteRun&&) noexcept = default;

Progress RemoteRun::request(Action action) { return state_->ask(action); }
Progress RemoteRun::progress() { return state_->ask(std::nullopt); }
const std::string& RemoteRun::id() const { return state_->id; }

}  // namespace v1
}  // namespace wheatstone
