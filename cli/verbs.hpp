#pragma once
// The verbs of the program. Each is declared and done in the file of its name; errors of the library pass through to
// the one place that prints them (program.cpp).

#include "verb.hpp"

namespace wheatstone::cli {

/// What a shell sees of the program.
enum ExitStatus : int {
  k_done = 0,
  k_failed = 1,         ///< an error of the library, said on standard error
  k_usage = 2,          ///< the command line made no sense
  k_interrupted = 130,  ///< Ctrl-C
};

/// The program with all its verbs, in the order of its help.
[[nodiscard]] Verb declared_program();

void add_demo(Verb& program);
void add_run(Verb& program);
void add_runs(Verb& program);
void add_profile(Verb& program);
void add_bench(Verb& program);
void add_instrument(Verb& program);
void add_completion(Verb& program);

// Of `wheatstone runs`, in runs.cpp's order.
void add_runs_list(Verb& runs);
void add_runs_search(Verb& runs);
void add_runs_show(Verb& runs);
void add_runs_tail(Verb& runs);
void add_runs_diff(Verb& runs);
void add_runs_export(Verb& runs);
void add_runs_import(Verb& runs);
void add_runs_plot(Verb& runs);
void add_runs_control(Verb& runs);
void add_runs_resume(Verb& runs);
void add_runs_tag(Verb& runs);
void add_runs_note(Verb& runs);
void add_runs_upkeep(Verb& runs);
void add_runs_remove(Verb& runs);
void add_runs_trash(Verb& runs);

// Of `wheatstone profile`.
void add_profile_list(Verb& profile);
void add_profile_show(Verb& profile);
void add_profile_validate(Verb& profile);
void add_profile_schema(Verb& profile);

// Of `wheatstone bench`.
void add_bench_list(Verb& bench);
void add_bench_show(Verb& bench);
void add_bench_validate(Verb& bench);
void add_bench_id(Verb& bench);

/// What `wheatstone runs resume` of a paused run does too.
struct RunsControlOptions {
  std::string action = {};  ///< "pause", "resume", "step", "stop" or "abort"
  std::string run = {};
  std::filesystem::path store = {};
};
int runs_control(const Terminal& terminal, const RunsControlOptions& options);

}  // namespace wheatstone::cli
