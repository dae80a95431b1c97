#pragma once
// What a run came to, from all that ended or broke it.

#include <exception>
#include <memory>
#include <string>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "session/engine.hpp"
#include "session/loop.hpp"
#include "session/task.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// What a run came to before its exit.
struct Verdict {
  RunState state = RunState::finished;
  std::exception_ptr error;           ///< to be raised
  std::vector<std::string> attached;  ///< sentences to go with it
};

/// Runs the loop and judges how it ended.
[[nodiscard]] Verdict run_loop(Loop& loop, RunControl& control);

/// Adds what the tasks left.
void judge_tasks(const TaskGroup::Ended& ended, const RunRequest& request, Verdict& verdict);

/// Hangs the sentences and the rows on the error that will be raised; makes one where there is none yet.
void complete_error(Verdict& verdict, bool interrupted, const std::shared_ptr<const Experiment>& experiment);

/// As run.json tells it.
[[nodiscard]] storage::Outcome outcome_of(RunState state);

}  // namespace wheatstone::session
