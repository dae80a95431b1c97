// wheatstone profile show, wheatstone profile validate

#include <fmt/format.h>

#include <ostream>
#include <wheatstone/profile.hpp>

#include "verbs.hpp"

namespace wheatstone::cli {

int profile_show(const Terminal& terminal, const ProfileShowOptions& options) {
  *terminal.out << describe_model(options.model);
  return k_done;
}

int profile_validate(const Terminal& terminal, const ProfileShowOptions& options) {
  const Model model = find_model(options.model);
  *terminal.out << fmt::format("{}: sound: {}, {}, {} commands\n", options.model, model.name, model.kind,
                               model.command_count);
  return k_done;
}

}  // namespace wheatstone::cli
