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

RunControl::Answer RunControl::ask(Action action, const Origin& origin) {
  // Nothing below takes a runtime's lock while it holds one of these.
  const base::BlockingRegion region;
  const std::shared_ptr<io::Document> noted = note(action, origin);
  if (!noted) return {.accepted = false, .sentence = "the run has ended"};
  Answer answer = apply(action);
  const std::scoped_lock lock(telling_);
  if (!answer.accepted) (*noted)["refused"] = answer.sentence;
  tell_noted();
  return answer;
}

RunControl::Answer RunControl::apply(Action action) {
  switch (action) {
    case Action::pause:
      return pause_unless_ending();
    case Action::resume:
      resume_paused();
      break;
    case Action::step:
      return grant_step();
    case Action::stop:
      request(End::stop);
      break;
    case Action::abort:
      end_now();
      break;
  }
  return {};
}

void RunControl::request(End end) {
  {
    const std::scoped_lock lock(mutex_);
    if (strength(end) > strength(end_)) end_ = end;
    paused_ = false;
    steps_ = 0;
    attention_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
  ended_.request_stop();
  if (end == End::abort) aborted_.request_stop();
}

void RunControl::end_now() {
  const std::scoped_lock cancelling(cancelling_);
  if (closed_) return;
  const bool first = end() != End::abort;
  request(End::abort);
  if (first && cancel_waits_) cancel_waits_();
}

void RunControl::close() {
  const base::BlockingRegion region;
  const std::scoped_lock cancelling(cancelling_);
  closed_ = true;
}

RunControl::Answer RunControl::pause_unless_ending() {
  const std::scoped_lock lock(mutex_);
  if (end_ != End::none) return {.accepted = false, .sentence = "the run is ending"};
  paused_ = true;
  attention_.store(true, std::memory_order_release);
  return {};
}

RunControl::Answer RunControl::grant_step() {
  {
    const std::scoped_lock lock(mutex_);
    if (!paused_) return {.accepted = false, .sentence = "a step is for a paused run; pause it first"};
    ++steps_;
  }
  changed_.notify_all();
  return {};
}

void RunControl::resume_paused() {
  {
    const std::scoped_lock lock(mutex_);
    paused_ = false;
    steps_ = 0;
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
  ask(first ? Action::stop : Action::abort, origin_of_keyboard());
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

RunControl::Left RunControl::wait_while_paused() {
  const base::BlockingRegion region;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !paused_ || steps_ > 0; });
  if (paused_) {
    --steps_;
    return Left::for_a_step;
  }
  return end_ == End::none ? Left::resumed : Left::for_the_end;
}

std::shared_ptr<io::Document> RunControl::note(Action action, const Origin& origin) {
  const std::scoped_lock lock(telling_);
  if (over_) return nullptr;
  auto noted = std::make_shared<io::Document>(io::Document::object({{"action", name_of(action)}}));
  noted->merge(origin);
  noted_.push_back(noted);
  return noted;
}

void RunControl::tell_noted() {
  if (!teller_) return;
  for (const auto& noted : std::exchange(noted_, {})) {
    try {
      teller_("control", *noted);
    } catch (const std::exception& error) {
      untold_.emplace_back(error.what());
    }
  }
}

void RunControl::tell_to(Teller teller) {
  const base::BlockingRegion region;
  const std::scoped_lock lock(telling_);
  teller_ = std::move(teller);
  tell_noted();
}

std::vector<std::string> RunControl::stop_telling() {
  const base::BlockingRegion region;
  const std::scoped_lock lock(telling_);
  tell_noted();
  over_ = true;
  teller_ = nullptr;
  return std::exchange(untold_, {});
}

}  // namespace wheatstone::session
