// wheatstone profile validate, wheatstone profile schema

#include <fmt/format.h>

#include <ostream>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/profile.hpp>

#include "faults.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

int profile_validate(const Terminal& terminal, const ValidateOptions& options) {
  return validate(terminal, options, [](const std::string& file) {
    // A word that names no file would be looked for among the shipped models.
    const Model model = find_model(file.find('.') == std::string::npos ? file + ".yaml" : file);
    return fmt::format("{}, {}, {} commands", model.name, model.kind, model.command_count);
  });
}

int print_schema(const Terminal& terminal) {
  *terminal.out << profile_schema();
  return k_done;
}

}  // namespace

void add_profile_validate(Verb& profile) {
  Verb& verb = profile.verb("validate", "Read profiles and say whether they are sound");
  ValidateOptions& options = verb.does(&profile_validate);
  take_files(verb, options);
  verb.example("wheatstone profile validate my_supply.yaml");
}

void add_profile_schema(Verb& profile) {
  Verb& verb = profile.verb("schema", "Print the JSON schema of profiles, for editors that check while one types");
  verb.does(&print_schema);
  verb.example("wheatstone profile schema > profile.schema.json");
}

}  // namespace wheatstone::cli
