#include "io/line_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"

namespace wheatstone::io {
namespace {

constexpr std::size_t k_most_unread = 65'536;  // bytes of answers that an asker may leave unread

/// One peer.
class Connection {
 public:
  Connection(int fd, Peer peer) : socket_(fd), peer_(peer) {}

  [[nodiscard]] int fd() const { return socket_.fd(); }
  [[nodiscard]] short wanted() const { return static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT); }

  /// Takes what has come and answers whole lines. False where the connection is over.
  bool read(const LineServer::Answer& answer) {
    char bytes[4096];
    const ssize_t n = ::recv(fd(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0) return false;
    unread_.append(bytes, static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t end; (end = unread_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      std::string_view line = std::string_view(unread_).substr(begin, end - begin);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!line.empty()) unsent_ += answer(line, peer_) + "\n";
    }
    unread_.erase(0, begin);
    return unread_.size() <= LineServer::k_longest_line && unsent_.size() <= k_most_unread && send();
  }

  /// Sends what can be sent now. False where the connection is over.
  bool send() {
    while (!unsent_.empty()) {
      const ssize_t n = ::send(fd(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n < 0) return errno == EAGAIN || errno == EINTR;
      unsent_.erase(0, static_cast<std::size_t>(n));
    }
    return true;
  }

 private:
  LocalSocket socket_;
  const Peer peer_;
  std::string unread_;
  std::string unsent_;
};

}  // namespace

/// What the thread works on; lives as long as the thread or the server, whichever is longer.
class LineServer::Loop {
 public:
  Loop(int listener, Answer answer, std::string refusal)
      : listener_(listener),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        answer_(std::move(answer)),
        refusal_(std::move(refusal)) {}

  void run() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the threads that had them before
    ::pthread_setname_np(::pthread_self(), "ws-control");
    while (!ending()) serve_once();
    connections_.clear();
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  bool end(Duration limit) {
    const base::BlockingRegion region;
    std::unique_lock lock(mutex_);
    ending_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wake_.fd(), &one, sizeof one);
    return changed_.wait_for(lock, limit.chrono(), [this] { return ended_; });
  }

 private:
  bool ending() {
    const std::scoped_lock lock(mutex_);
    return ending_;
  }

  void serve_once() {
    std::vector<pollfd> polled = {{wake_.fd(), POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
    for (const Connection& connection : connections_) polled.push_back({connection.fd(), connection.wanted(), 0});
    if (::poll(polled.data(), polled.size(), -1) < 0 || polled[0].revents != 0) return;
    auto connection = connections_.begin();
    for (std::size_t i = 2; i < polled.size(); ++i) {
      const auto here = connection++;
      if (polled[i].revents == 0) continue;
      if (!go_on(*here, polled[i].revents)) {
        connections_.erase(here);
      } else if ((polled[i].revents & POLLIN) != 0) {
        connections_.splice(connections_.end(), connections_, here);  // the most silent one stands first
      }
    }
    if (polled[1].revents != 0) take_connection();
  }

  bool go_on(Connection& connection, short events) {
    if ((events & POLLOUT) != 0 && !connection.send()) return false;
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) return connection.read(answer_);
    return true;
  }

  void take_connection() {
    const int fd = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
      // Out of descriptors: the one that waits stays in the kernel's queue, and this thread must not spin on it.
      if (errno == EMFILE || errno == ENFILE) ::poll(nullptr, 0, 100);
      return;
    }
    ucred credentials{};
    socklen_t size = sizeof credentials;
    const bool known = ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0;
    if (!known || credentials.uid != ::geteuid()) {
      const std::string line = refusal_ + "\n";
      [[maybe_unused]] const ssize_t n = ::send(fd, line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      ::close(fd);
      return;
    }
    if (connections_.size() == k_most_connections) connections_.pop_front();
    connections_.emplace_back(fd, Peer{.uid = credentials.uid, .pid = credentials.pid});
  }

  const LocalSocket listener_;
  const LocalSocket wake_;
  const Answer answer_;
  const std::string refusal_;
  std::list<Connection> connections_;  // the thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  // protected by mutex_
  bool ending_ = false;
  bool ended_ = false;
};

LineServer::LineServer(std::filesystem::path path, Answer answer, std::string refusal)
    : path_(std::move(path)), loop_(std::make_shared<Loop>(listen_at(path_), std::move(answer), std::move(refusal))) {
  std::thread([loop = loop_, folder = path_.parent_path()] {
    remove_stale_sockets(folder);
    loop->run();
  }).detach();
}

LineServer::~LineServer() {
  // A forked child has no such thread, and may have copied its mutex while it was held.
  if (!process_.in_own_process()) {
    static_cast<void>(new std::shared_ptr<Loop>(std::move(loop_)));
    return;
  }
  close(std::chrono::seconds(1));
}

bool LineServer::close(Duration limit) {
  if (!loop_) return true;
  ::unlink(path_.c_str());
  const bool ended = std::exchange(loop_, nullptr)->end(limit);
  return ended;
}

}  // namespace wheatstone::io
