// What the public header says of models.

#include <algorithm>
#include <wheatstone/profile.hpp>

#include "profile/profile.hpp"
#include "profile/shipped.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

Model summary_of(const profile::Profile& profile) {
  std::string kind(name_of(profile.kind));
  std::ranges::replace(kind, '_', ' ');
  return {.name = profile.name,
          .maker = profile.maker,
          .kind = std::move(kind),
          .description = profile.description,
          .origin = profile.origin,
          .command_count = profile.commands->commands().size()};
}

}  // namespace

std::vector<Model> models() {
  std::vector<Model> found;
  for (const std::string& name : profile::list_profiles()) found.push_back(summary_of(*profile::load_profile(name)));
  return found;
}

std::optional<Model> find_model_of(std::string_view identity) {
  const profile::ProfilePointer found = profile::find_profile_for(identity);
  return found == nullptr ? std::nullopt : std::optional(summary_of(*found));
}

std::string_view profile_schema() { return profile::shipped_schema(); }

Model find_model(std::string_view name) { return summary_of(*profile::load_profile(name)); }

}  // namespace v1
}  // namespace wheatstone
