// wheatstone profile

#include "verbs.hpp"

namespace wheatstone::cli {

void add_profile(Verb& program) {
  Verb& profile = program.verb("profile", "Models of instruments that Wheatstone knows: list, show, validate, schema");
  add_profile_list(profile);
  add_profile_show(profile);
  add_profile_validate(profile);
  add_profile_schema(profile);
  profile.example("wheatstone profile show keysight/34470A");
}

}  // namespace wheatstone::cli
