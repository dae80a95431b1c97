#include "session/run_control.hpp"

#include <utility>

#include "base/blocking.hpp"

namespace wheatstone::session {
namespace {

int strength(RunControl::End end) {
  switch (end) {
    case RunControl::End::none:
      return 0;
    case RunControl::End::stop:
      return 1;
    case RunControl::End::task_failed:
      return 2;
    case RunControl::End::abort:
      return 3;
  }
  return 0;
}

}  // namespace

std::string_view name_of(RunControl::End end) {
  switch (end) {
    case RunControl::End::none:
      return "nobody";
    case RunControl::End::stop:
      return "stop";
    case RunControl::End::abort:
      return "abort";
    case RunControl::End::task_failed:
      return "task";
  }
  return "nobody";
}

void RunControl::request(End end) {
  {
    const std::scoped_lock lock(mutex_);
    if (strength(end) > strength(end_)) end_ = end;
    paused_ = false;
    attention_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
  ended_.request_stop();
  if (end == End::abort) aborted_.request_stop();
}

void RunControl::abort() {
  const std::scoped_lock cancelling(cancelling_);
  if (closed_) return;
  const bool first = end() != End::abort;
  request(End::abort);
  if (first && cancel_waits_) cancel_waits_();
}

void RunControl::close() {
  const std::scoped_lock cancelling(cancelling_);
  closed_ = true;
}

void RunControl::pause() {
  const std::scoped_lock lock(mutex_);
  if (end_ != End::none) return;
  paused_ = true;
  attention_.store(true, std::memory_order_release);
}

void RunControl::resume() {
  {
    const std::scoped_lock lock(mutex_);
    paused_ = false;
    attention_.store(end_ != End::none, std::memory_order_release);
  }
  changed_.notify_all();
}

void RunControl::interrupt() {
  bool first = false;
  {
    const std::scoped_lock lock(mutex_);
    first = !std::exchange(interrupted_, true);
  }
  first ? stop() : abort();
}

bool RunControl::interrupted() const {
  const std::scoped_lock lock(mutex_);
  return interrupted_;
}

RunControl::End RunControl::end() const {
  const std::scoped_lock lock(mutex_);
  return end_;
}

bool RunControl::paused() const {
  const std::scoped_lock lock(mutex_);
  return paused_;
}

void RunControl::wait_while_paused() {
  const base::BlockingRegion region;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !paused_; });
}

}  // namespace wheatstone::session
