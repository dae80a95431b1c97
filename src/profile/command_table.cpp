#include "profile/command_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::profile {

std::string Command::header() const {
  std::string text;
  patterns.front().append_shortest(text);
  return text;
}

CommandTable::CommandTable(std::vector<Command> commands, std::vector<int> channels)
    : commands_(std::move(commands)), channels_(std::move(channels)) {
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    Command& command = commands_[i];
    command.index = static_cast<std::int32_t>(i);
    if (!by_id_.emplace(command.id, command.index).second) {
      throw ConfigurationError(fmt::format("two commands are called '{}'", command.id));
    }
    for (const scpi::Pattern& pattern : command.patterns) {
      tree_.insert(pattern, command.can_set, command.can_query, command.index);
    }
  }
}

const Command* CommandTable::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &commands_[static_cast<std::size_t>(found->second)];
}

const Command& CommandTable::at(std::string_view id) const {
  if (const Command* command = find(id)) return *command;
  std::vector<std::string> ids;
  for (const Command& command : commands_) ids.push_back(command.id);
  const auto nearest = base::nearest(id, ids);
  throw ConfigurationError(fmt::format("the profile has no command '{}'{}{}", id,
                                       nearest.empty() ? "" : "; the nearest are ", base::listed(nearest)));
}

int CommandTable::channel_place(int channel) const {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (channels_[i] == channel) return static_cast<int>(i);
  }
  return -1;
}

const Bounds* CommandTable::bounds(const Parameter& parameter, int channel) const {
  if (parameter.bounds.empty()) return nullptr;
  if (parameter.bounds.size() == 1) return parameter.bounds.data();
  const int place = channel_place(channel);
  return place < 0 ? nullptr : &parameter.bounds[static_cast<std::size_t>(place)];
}

}  // namespace wheatstone::profile
