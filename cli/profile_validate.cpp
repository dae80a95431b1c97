// wheatstone profile validate

#include <fmt/format.h>

#include <ostream>
#include <wheatstone/profile.hpp>

#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::string file = {};
};

int profile_validate(const Terminal& terminal, const Options& options) {
  const Model model = find_model(options.file);
  *terminal.out << fmt::format("{}: sound: {}, {}, {} commands\n", options.file, model.name, model.kind,
                               model.command_count);
  return k_done;
}

}  // namespace

void add_profile_validate(Verb& profile) {
  Verb& verb = profile.verb("validate", "Read a profile and say whether it is sound");
  Options& options = verb.does(&profile_validate);
  verb.argument("file", options.file, "A YAML file", {.required = true, .offers = Offer::file});
  verb.example("wheatstone profile validate my_supply.yaml");
}

}  // namespace wheatstone::cli
