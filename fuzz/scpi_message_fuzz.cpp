// What anybody may send to a simulated instrument or as raw text through the limits: read by the tables of all shipped
// profiles.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "profile/profile.hpp"
#include "scpi/message.hpp"

namespace {

namespace profile = wheatstone::profile;
namespace scpi = wheatstone::scpi;

const std::vector<profile::ProfilePointer>& all_profiles() {
  static const std::vector<profile::ProfilePointer> all = [] {
    std::vector<profile::ProfilePointer> loaded;
    for (const std::string& name : profile::list_profiles()) loaded.push_back(profile::load_profile(name));
    return loaded;
  }();
  return all;
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const profile::CommandTable& table, const profile::Match& match, std::string_view message) {
  require(inside(match.header, message) && inside(match.rest, message));
  for (const profile::Argument& argument : match.arguments) require(inside(argument.text, message));
  if (!match) return;
  require(match.command != nullptr && match.argument_count <= match.parameters().size());
  std::vector<profile::SetPoint> points;
  table.set_points(match, 1, points);
  require(!match.is_query || points.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  for (const auto& profile : all_profiles()) {
    profile::MatchContext context;
    scpi::MessageReader reader(message);
    for (std::string_view unit; reader.next(unit);) {
      require(inside(unit, message) && !unit.empty());
      check(*profile->commands, profile->commands->match(unit, context), message);
    }
  }
  return 0;
}
