#include "session/control_server.hpp"

#include <mutex>
#include <wheatstone/error.hpp>

#include "session/control_message.hpp"

namespace wheatstone::session {

/// What the server's thread holds on to, also where it is still in an answer when the run has ended.
struct ControlServer::Shared {
  Shared(std::string run_in, std::shared_ptr<RunControl> control_in, const RunProgress& progress_in,
         const base::Clock& clock_in)
      : run(std::move(run_in)), control(std::move(control_in)), progress(&progress_in), clock(&clock_in) {}

  Progress snapshot() {
    const std::scoped_lock lock(mutex);
    return progress != nullptr ? progress->snapshot(*clock, control->end() != RunControl::End::none) : last;
  }

  void close() {
    const std::scoped_lock lock(mutex);
    if (progress == nullptr) return;
    last = progress->snapshot(*clock);
    progress = nullptr;
  }

  std::string answer(std::string_view line, const io::Peer& peer) {
    const ControlRequest request = parse_control_request(line);
    if (!request.error.empty()) return control_refusal(request.id, request.error);
    if (request.action) {
      const RunControl::Answer answer = control->ask(*request.action, origin_of(peer));
      if (!answer.accepted) return control_refusal(request.id, answer.sentence);
    }
    return control_answer(request, run, snapshot());
  }

  const std::string run;
  const std::shared_ptr<RunControl> control;
  std::mutex mutex;
  // protected by mutex
  const RunProgress* progress;  ///< null when it is over
  const base::Clock* clock;
  Progress last;
};

namespace {

std::shared_ptr<RunControl> shared(RunControl& control) {
  auto owned = control.weak_from_this().lock();
  return owned ? owned : std::shared_ptr<RunControl>(std::shared_ptr<void>(), &control);
}

}  // namespace

ControlServer::ControlServer(std::string run, RunControl& control, const RunProgress& progress,
                             const base::Clock& clock)
    : shared_(std::make_shared<Shared>(run, shared(control), progress, clock)),
      server_(
          io::socket_path(run + ".sock"),
          [shared = shared_](std::string_view line, const io::Peer& peer) { return shared->answer(line, peer); },
          control_refusal({}, "a run is controlled by its owner's account only")) {}

ControlServer::~ControlServer() { close(); }

void ControlServer::close() {
  if (!process_.in_own_process()) return;
  (void)server_.close(std::chrono::seconds(1));
  shared_->close();
}

}  // namespace wheatstone::session
