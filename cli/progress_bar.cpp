#include "progress_bar.hpp"

#include <chrono>
#include <ostream>

#include "progress_line.hpp"

namespace wheatstone::cli {

ProgressBar::ProgressBar(const Terminal& terminal, const MeasurementSession& session)
    : terminal_(terminal), session_(session) {
  if (!terminal.is_err_terminal) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      show();
      woken_.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
    }
  });
}

ProgressBar::~ProgressBar() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  show();
  *terminal_.err << '\n' << std::flush;
}

void ProgressBar::show() const {
  const std::size_t width = terminal_.width - 1;
  *terminal_.err << '\r' << progress_line(session_.progress(), session_.name(), width, terminal_.unicode) << "\x1b[K"
                 << std::flush;
}

}  // namespace wheatstone::cli
