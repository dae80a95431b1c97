#include "session/exit_steps.hpp"

#include <fmt/core.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/blocking.hpp"

namespace wheatstone::session {
namespace {

struct Attempt {
  std::mutex mutex;
  std::condition_variable ended_changed;
  bool ended = false;
  std::exception_ptr error;
};

/// What went wrong, or none.
std::optional<std::string> take(const ExitStep& step) {
  const auto attempt = std::make_shared<Attempt>();
  std::thread thread([attempt, work = step.work] {
    std::exception_ptr error;
    try {
      work();
    } catch (...) {
      error = std::current_exception();
    }
    const std::scoped_lock lock(attempt->mutex);
    attempt->error = error;
    attempt->ended = true;
    attempt->ended_changed.notify_all();
  });
  std::unique_lock lock(attempt->mutex);
  if (!attempt->ended_changed.wait_for(lock, step.limit.chrono(), [&] { return attempt->ended; })) {
    thread.detach();
    return fmt::format("could not {} within {} s: it hangs; check the bench by hand", step.name, step.limit.seconds());
  }
  lock.unlock();
  thread.join();
  if (attempt->error) return fmt::format("could not {}: {}", step.name, text_of(attempt->error));
  return std::nullopt;
}

}  // namespace

std::vector<std::string> take_exit(const std::vector<ExitStep>& steps) {
  const base::BlockingRegion region;
  std::vector<std::string> failures;
  for (const ExitStep& step : steps) {
    if (auto failure = take(step)) failures.push_back(std::move(*failure));
  }
  return failures;
}

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace wheatstone::session
