#include "session/parallel_stages.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::session {
namespace {

bool share_one(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::ranges::any_of(
      some, [&](const std::string& alias) { return std::ranges::find(others, alias) != others.end(); });
}

/// Adds an acquisition to the group that it shares an instrument with; groups that it brings together become one.
void add(ParallelStage& stage, std::size_t ordinal,
         const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions) {
  const std::vector<std::string>& uses = acquisitions[ordinal]->uses();
  const auto shares = [&](const ParallelGroup& group) {
    return std::ranges::any_of(group, [&](std::size_t other) { return share_one(acquisitions[other]->uses(), uses); });
  };
  ParallelGroup together;
  for (const ParallelGroup& group : stage) {
    if (shares(group)) together.insert(together.end(), group.begin(), group.end());
  }
  std::ranges::sort(together);
  together.push_back(ordinal);
  const auto first = std::ranges::find_if(stage, shares);
  const auto position = first - stage.begin();
  std::erase_if(stage, shares);
  stage.insert(stage.begin() + position, std::move(together));
}

}  // namespace

std::vector<ParallelStage> stages_of(const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions) {
  std::vector<ParallelStage> stages;
  bool open = false;
  for (std::size_t a = 0; a < acquisitions.size(); ++a) {
    if (acquisitions[a]->uses().empty()) {
      stages.push_back(ParallelStage{ParallelGroup{a}});
      open = false;
      continue;
    }
    if (!std::exchange(open, true)) stages.emplace_back();
    add(stages.back(), a, acquisitions);
  }
  return stages;
}

void check_uses(const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions,
                const std::vector<std::string>& aliases) {
  for (const auto& acquisition : acquisitions) {
    for (const std::string& alias : acquisition->uses()) {
      if (std::ranges::find(aliases, alias) != aliases.end()) continue;
      throw ConfigurationError(fmt::format(
          "acquisition '{}' says that it uses '{}', which is no instrument of this session; {}", acquisition->name(),
          alias, aliases.empty() ? std::string("it has none") : "there are " + base::listed(aliases, "and")));
    }
  }
}

}  // namespace wheatstone::session
