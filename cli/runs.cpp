// wheatstone runs: what there is to do with runs, in the order of its help.

#include "verbs.hpp"

namespace wheatstone::cli {

void add_runs(Verb& program) {
  Verb& runs = program.verb("runs", "Finished, killed and running runs: find, show, watch, control, export, tidy");
  add_runs_list(runs);
  add_runs_search(runs);
  add_runs_show(runs);
  add_runs_tail(runs);
  add_runs_diff(runs);
  add_runs_export(runs);
  add_runs_import(runs);
  add_runs_plot(runs);
  add_runs_tag(runs);
  add_runs_note(runs);
  add_runs_control(runs);
  add_runs_resume(runs);
  add_runs_upkeep(runs);
  add_runs_remove(runs);
  add_runs_trash(runs);
  runs.example("wheatstone runs ls");
}

}  // namespace wheatstone::cli
