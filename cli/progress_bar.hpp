#pragma once
// A line on standard error that says how far a run is.

#include <condition_variable>
#include <mutex>
#include <thread>
#include <wheatstone/session.hpp>

#include "terminal.hpp"

namespace wheatstone::cli {

/// Shows a session's progress ten times a second, from its own thread, for as long as it lives; the last state stays on
/// the screen. Writes nothing where standard error is no terminal. REQUIRES: the session outlives it.
class ProgressBar {
 public:
  ProgressBar(const Terminal& terminal, const MeasurementSession& session);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

 private:
  void show() const;

  const Terminal& terminal_;
  const MeasurementSession& session_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::jthread thread_;
};

}  // namespace wheatstone::cli
