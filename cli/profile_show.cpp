// wheatstone profile show

#include <ostream>
#include <wheatstone/profile.hpp>

#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::string model = {};  // maker/MODEL or a file
};

int profile_show(const Terminal& terminal, const Options& options) {
  *terminal.out << describe_model(options.model);
  return k_done;
}

}  // namespace

void add_profile_show(Verb& profile) {
  Verb& verb = profile.verb("show", "What a model can do, as Markdown");
  Options& options = verb.does(&profile_show);
  verb.argument("model", options.model, "maker/MODEL, any case, or a file",
                {.required = true, .offers = Offer::profile});
  verb.example("wheatstone profile show keysight/34470A");
}

}  // namespace wheatstone::cli
