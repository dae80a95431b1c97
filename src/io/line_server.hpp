#pragma once
// A thread that answers lines of text on a local socket.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <wheatstone/duration.hpp>

#include "base/process.hpp"
#include "io/local_socket.hpp"

namespace wheatstone::io {

/// Listens at a path and answers each line with a line, for this account's own processes; others are let go with one
/// line that says so. At most k_most_connections at a time: a further one takes the place of the one that was silent
/// for longest. A line longer than k_longest_line, or an answer that its asker does not read, ends that connection.
///
/// One thread of its own, which blocks all signals. Nothing that a peer does or leaves undone makes it wait: it only
/// waits for all of them together. In a forked child there is no such thread, and all of it is closed.
class LineServer {
 public:
  /// A line in, without its end; a line out, without its end. Called by the server's thread.
  using Answer = std::function<std::string(std::string_view line, const Peer& peer)>;

  static constexpr std::size_t k_most_connections = 32;
  static constexpr std::size_t k_longest_line = 4096;

  /// Listens when it returns. `refusal` is what other accounts are told. Throws ConnectionError.
  LineServer(std::filesystem::path path, Answer answer, std::string refusal);
  /// As close(), for a second.
  ~LineServer();
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Ends the thread, the connections and the socket's name. False where the thread was still in an answer after
  /// `limit`: it ends by itself then, with what it shares.
  bool close(Duration limit);

 private:
  class Loop;
  std::filesystem::path path_;
  std::shared_ptr<Loop> loop_;
  base::ProcessBound process_;
};

}  // namespace wheatstone::io
