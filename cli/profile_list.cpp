// wheatstone profile list

#include <ostream>
#include <vector>
#include <wheatstone/profile.hpp>

#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

int profile_list(const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const Model& model : models()) rows.push_back({model.name, model.kind, model.description});
  *terminal.out << terminal.fit(columns({"model", "kind", "description"}, rows));
  return k_done;
}

}  // namespace

void add_profile_list(Verb& profile) {
  Verb& verb = profile.verb("ls", "List the models");
  verb.also("list");
  verb.does(&profile_list);
  verb.example("wheatstone profile ls");
}

}  // namespace wheatstone::cli
