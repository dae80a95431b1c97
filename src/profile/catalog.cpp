// Finding profiles: by name, by path, by what an instrument says of itself.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "profile/profile.hpp"
#include "profile/shipped.hpp"

namespace wheatstone::profile {
namespace {

/// The value of a key at the start of a line of a shipped file: listing names does not read whole profiles.
std::string head_value(std::string_view yaml, std::string_view key) {
  std::size_t at = yaml.starts_with(key) ? 0 : std::string_view::npos;
  if (at != 0) {
    at = yaml.find("\n" + std::string(key));
    if (at == std::string_view::npos) return {};
    ++at;
  }
  at += key.size();
  std::string_view value = base::trimmed(yaml.substr(at, yaml.find('\n', at) - at));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return std::string(value);
}

std::string name_of(const ShippedProfile& shipped) {
  const std::string_view folder = shipped.file.substr(0, shipped.file.find('/'));
  return std::string(folder) + "/" + head_value(shipped.yaml, "model:");
}

ProfilePointer read_shipped(const ShippedProfile& shipped) {
  static std::recursive_mutex mutex;  // reading one may read the one that it extends
  static std::map<std::string_view, ProfilePointer> read;
  const std::lock_guard lock(mutex);
  if (const auto found = read.find(shipped.file); found != read.end()) return found->second;
  ProfilePointer profile = parse_profile(shipped.yaml, fmt::format("profiles/{}", shipped.file));
  read.emplace(shipped.file, profile);
  return profile;
}

bool is_path(std::string_view name) {
  const std::string lower = base::lower(name);
  return lower.ends_with(".yaml") || lower.ends_with(".yml");
}

ProfilePointer read_file(std::string_view path) {
  std::ifstream file{std::string(path), std::ios::binary};
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) throw ConfigurationError(fmt::format("the profile file '{}' cannot be read; check the path", path));
  return parse_profile(text.view(), path);
}

[[noreturn]] void refuse(std::string_view name, std::vector<const ShippedProfile*> several) {
  std::vector<std::string> names;
  if (!several.empty()) {
    for (const ShippedProfile* one : several) names.push_back(name_of(*one));
    throw ConfigurationError(fmt::format("'{}' may be {}; write maker/MODEL", name, base::listed(names)));
  }
  names = list_profiles();
  auto nearest = base::nearest(name, names);
  if (nearest.empty()) nearest = names;
  throw ConfigurationError(
      fmt::format("there is no profile '{}'; the nearest are {}; a file of your own is named by its path", name,
                  base::listed(nearest, "and")));
}

}  // namespace

ProfilePointer load_profile(std::string_view name) {
  name = base::trimmed(name);
  if (is_path(name)) return read_file(name);
  std::vector<const ShippedProfile*> found;
  for (const ShippedProfile& shipped : shipped_profiles()) {
    const std::string full = name_of(shipped);
    const std::string model = full.substr(full.find('/') + 1);
    if (base::equal_ignoring_case(full, name)) return read_shipped(shipped);
    if (base::equal_ignoring_case(model, name)) found.push_back(&shipped);
  }
  if (found.size() == 1) return read_shipped(*found.front());
  refuse(name, std::move(found));
}

std::vector<std::string> list_profiles() {
  std::vector<std::string> names;
  for (const ShippedProfile& shipped : shipped_profiles()) names.push_back(name_of(shipped));
  std::sort(names.begin(), names.end());
  return names;
}

ProfilePointer find_profile_for(std::string_view idn_reply) {
  const std::size_t comma = idn_reply.find(',');
  if (comma == std::string_view::npos) return nullptr;
  const std::string_view rest = idn_reply.substr(comma + 1);
  const std::string model = base::lower(base::trimmed(rest.substr(0, rest.find(','))));
  if (model.empty()) return nullptr;
  for (const ShippedProfile& shipped : shipped_profiles()) {
    // Only a file that names the model anywhere can match; the others need not be read.
    if (base::lower(shipped.yaml).find(model) == std::string::npos) continue;
    ProfilePointer profile = read_shipped(shipped);
    if (!profile->identification.models.empty() && profile->identification.matches(idn_reply)) return profile;
  }
  return nullptr;
}

}  // namespace wheatstone::profile
