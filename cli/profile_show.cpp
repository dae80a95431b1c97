// wheatstone profile show

#include <ostream>
#include <wheatstone/profile.hpp>

#include "model_text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::string model = {};  // maker/MODEL or a file
  bool json = false;
};

int profile_show(const Terminal& terminal, const Options& options) {
  if (options.json) {
    *terminal.out << json_of(find_model(options.model)).set("text", describe_model(options.model)).text();
  } else {
    *terminal.out << terminal.fit(describe_model(options.model));
  }
  return k_done;
}

}  // namespace

void add_profile_show(Verb& profile) {
  Verb& verb = profile.verb("show", "What a model can do, as Markdown");
  Options& options = verb.does(&profile_show);
  verb.argument("model", options.model, "maker/MODEL, any case, or a file",
                {.required = true, .offers = Offer::profile});
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone profile show keysight/34470A");
}

}  // namespace wheatstone::cli
