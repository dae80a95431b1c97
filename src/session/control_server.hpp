#pragma once
// The end of the control socket that is the run's.

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "io/line_server.hpp"
#include "session/run_control.hpp"
#include "session/run_progress.hpp"

namespace wheatstone::session {

/// Lets other processes of this account ask a run how far it is, and ask it to pause, resume, step, stop or abort. On a
/// thread of its own, which shares with the loop what any other thread does: the atomics of RunControl and RunProgress.
class ControlServer {
 public:
  /// Listens when it returns. Throws ConfigurationError or ConnectionError where nothing can listen, which is no reason
  /// not to run. REQUIRES: `progress` and `clock` live until close(), `control` is shared or lives for longer.
  ControlServer(std::string run, RunControl& control, const RunProgress& progress, const base::Clock& clock);

  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return server_.path(); }

  /// From now on nobody is let in; an answer in the making is waited for, a second at most. Does nothing in a forked
  /// child.
  void close();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  io::LineServer server_;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
