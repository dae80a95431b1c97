// wheatstone profile ls

#include <ostream>
#include <vector>
#include <wheatstone/profile.hpp>

#include "json.hpp"
#include "model_text.hpp"
#include "table.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  bool json = false;
};

int profile_list(const Terminal& terminal, const Options& options) {
  const std::vector<Model> all = models();
  if (options.json) {
    Json list = Json::array();
    for (const Model& model : all) list.add(json_of(model));
    *terminal.out << list.text();
    return k_done;
  }
  Table table({{.title = "model"}, {.title = "kind", .rank = 1}, {.title = "description", .least = 12}});
  for (const Model& model : all) table.add({model.name, model.kind, model.description});
  *terminal.out << table.text(terminal);
  return k_done;
}

}  // namespace

void add_profile_list(Verb& profile) {
  Verb& verb = profile.verb("ls", "List the models");
  verb.also("list");
  Options& options = verb.does(&profile_list);
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone profile ls");
}

}  // namespace wheatstone::cli
