#include "verbs.hpp"

namespace wheatstone::cli {

Verb declared_program() {
  Verb program("wheatstone", "Runs measurements, keeps every row, shows what was kept.");
  add_demo(program);
  add_run(program);
  add_runs(program);
  add_profile(program);
  add_bench(program);
  add_instrument(program);
  add_completion(program);
  program.note("'wheatstone demo' is a good beginning; 'wheatstone VERB --help' says more of a verb.");
  program.note(
      "Exit status: 0 done; 1 an error, which standard error says; 2 a command line that made no sense; 130 ended by "
      "Ctrl-C; 141 the reader of the output was gone.");
  program.example("wheatstone demo");
  return program;
}

}  // namespace wheatstone::cli
