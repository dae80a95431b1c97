#pragma once
// The commands: section of a profile.

#include <vector>

#include "profile/command.hpp"
#include "profile/profile.hpp"
#include "profile/yaml_entry.hpp"

namespace wheatstone::profile {

/// Reads the section into `commands`, replacing those of the same id. `profile` has its channels and functions already:
/// ranges refer to them. Throws ConfigurationError with the place in the file, or adds what is wrong
/// with single commands to the problems that the section gathers.
void read_commands(const YamlEntry& section, const Profile& profile, std::vector<Command>& commands);

}  // namespace wheatstone::profile
