#include "procedure/bound_task.hpp"

#include <exception>

namespace wheatstone::procedure {
namespace {

/// What went wrong while another error was on its way.
void attach(const std::exception_ptr& first, const char* also) {
  try {
    std::rethrow_exception(first);
  } catch (Error& error) {
    error.attach(also);
  }
}

}  // namespace

BoundTask::BoundTask(const TaskText& text, const TargetBinder& binder) : name_(text.name.text) {
  work_ = std::make_shared<const Work>(Work{.setup = Steps(text.setup, binder),
                                            .steps = Steps(text.steps, binder),
                                            .teardown = Steps(text.teardown, binder),
                                            .every = text.every,
                                            .repeat = text.repeat,
                                            .session = &binder.session()});
}

binding::Task BoundTask::task() const {
  return {.name = name_, .work = [work = work_](const std::stop_token& stop) { work->take(stop); }};
}

void BoundTask::Work::take(const std::stop_token& stop) const {
  std::exception_ptr failure;
  try {
    if (setup.take()) take_rounds(stop);
  } catch (...) {
    failure = std::current_exception();
  }
  try {
    teardown.take(nullptr, Steps::Cut::goes_on);
  } catch (const Error& error) {
    if (!failure) throw;
    attach(failure, error.what());
  }
  if (failure) std::rethrow_exception(failure);
}

void BoundTask::Work::take_rounds(const std::stop_token& stop) const {
  for (std::uint64_t round = 0; !stop.stop_requested() && (!repeat || round < *repeat); ++round) {
    if (round > 0 && every && !session->sleep(*every)) return;
    if (!steps.take()) return;
  }
}

}  // namespace wheatstone::procedure
