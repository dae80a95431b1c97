// wheatstone bench: benches as their files describe them.

#include "verbs.hpp"

namespace wheatstone::cli {

void add_bench(Verb& program) {
  Verb& bench = program.verb("bench", "Benches as their files describe them: list, show, validate, ask who is there");
  add_bench_list(bench);
  add_bench_show(bench);
  add_bench_validate(bench);
  add_bench_id(bench);
  bench.example("wheatstone bench validate bench.yaml");
}

}  // namespace wheatstone::cli
