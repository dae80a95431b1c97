#include "profile/yaml_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::profile {

void YamlEntry::fail(std::string_view why) const { fail_at(node_.Mark(), why); }

void YamlEntry::fail_at_key(std::string_view why) const { fail_at(key_.is_null() ? node_.Mark() : key_, why); }

void YamlEntry::fail_at(const YAML::Mark& mark, std::string_view why) const {
  throw ConfigurationError(fmt::format("{}: {}", spoken(mark), why));
}

std::string YamlEntry::place() const { return spoken(node_.Mark()); }

std::string YamlEntry::spoken(const YAML::Mark& mark) const {
  const YAML::Mark place = mark.is_null() ? YAML::Mark() : mark;  // an empty file has none
  return fmt::format("{}:{}:{}", origin_, place.line + 1, place.column + 1);
}

void YamlEntry::allow(std::initializer_list<std::string_view> keys, std::span<const std::string_view> refused) const {
  for (const auto& [key, entry] : members()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    if (std::find(refused.begin(), refused.end(), key) != refused.end()) continue;
    const std::vector<std::string> known(keys.begin(), keys.end());
    const auto nearest = base::nearest(key, known, 1);
    attempt([&, &unknown = key, &place = entry] {
      place.fail_at_key(nearest.empty()
                            ? fmt::format("unknown key '{}'", unknown)
                            : fmt::format("unknown key '{}'; did you mean '{}'?", unknown, nearest.front()));
    });
  }
}

YamlEntry YamlEntry::parse(std::string_view yaml, std::string_view origin, Problems* problems) {
  try {
    return {YAML::Load(std::string(yaml)), origin, problems};
  } catch (const YAML::Exception& error) {
    throw ConfigurationError(
        fmt::format("{}:{}:{}: {}", origin, error.mark.line + 1, error.mark.column + 1, error.msg));
  }
}

YamlEntry YamlEntry::at(const char* key) const {
  if (auto found = find(key)) return *found;
  fail(fmt::format("the key '{}' is missing", key));
}

std::optional<YamlEntry> YamlEntry::find(const char* key) const {
  if (!node_.IsMap()) fail("a mapping (key: value) belongs here");
  YAML::Node child = node_[key];
  if (!child) return std::nullopt;
  return YamlEntry(std::move(child), origin_, problems_);
}

std::vector<YamlEntry> YamlEntry::items() const {
  if (!node_.IsSequence()) fail("a list belongs here");
  std::vector<YamlEntry> all;
  for (const YAML::Node& child : node_) all.emplace_back(child, origin_, problems_);
  return all;
}

std::vector<std::pair<std::string, YamlEntry>> YamlEntry::members() const {
  if (!node_.IsMap()) fail("a mapping (key: value) belongs here");
  std::vector<std::pair<std::string, YamlEntry>> all;
  for (const auto& member : node_) {
    std::string key = YamlEntry(member.first, origin_).text();
    const auto twice = std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.first == key; });
    if (twice != all.end()) YamlEntry(member.first, origin_).fail(fmt::format("the key '{}' is there twice", key));
    all.emplace_back(std::move(key), YamlEntry(member.second, origin_, problems_));
    all.back().second.key_ = member.first.Mark();
  }
  return all;
}

std::vector<std::pair<YamlEntry, YamlEntry>> YamlEntry::placed_members() const {
  (void)members();  // refuses keys that are there twice
  std::vector<std::pair<YamlEntry, YamlEntry>> all;
  for (const auto& member : node_)
    all.emplace_back(YamlEntry(member.first, origin_, problems_), YamlEntry(member.second, origin_, problems_));
  return all;
}

YamlEntry::Position YamlEntry::position() const {
  const YAML::Mark mark = node_.Mark();
  const bool is_quoted = node_.IsScalar() && node_.Tag() == "!";
  return {.line = mark.line + 1, .column = mark.column + 1 + (is_quoted ? 1 : 0)};
}

std::string YamlEntry::text() const {
  if (!node_.IsScalar()) fail("a text belongs here");
  return node_.Scalar();
}

double YamlEntry::number() const {
  double value = 0;
  if (!node_.IsScalar() || !YAML::convert<double>::decode(node_, value)) fail("a number belongs here");
  return value;
}

int YamlEntry::integer() const {
  int value = 0;
  if (!node_.IsScalar() || !YAML::convert<int>::decode(node_, value)) fail("an integer belongs here");
  return value;
}

bool YamlEntry::boolean() const {
  bool value = false;
  if (!node_.IsScalar() || !YAML::convert<bool>::decode(node_, value)) fail("true or false belongs here");
  return value;
}

std::vector<std::string> YamlEntry::texts() const {
  if (node_.IsScalar()) return {node_.Scalar()};
  std::vector<std::string> all;
  for (const YamlEntry& item : items()) all.push_back(item.text());
  return all;
}

std::vector<double> YamlEntry::numbers() const {
  std::vector<double> all;
  for (const YamlEntry& item : items()) all.push_back(item.number());
  return all;
}

std::string YamlEntry::text_or(const char* key, std::string_view otherwise) const {
  const auto found = find(key);
  return found ? found->text() : std::string(otherwise);
}

double YamlEntry::number_or(const char* key, double otherwise) const {
  const auto found = find(key);
  return found ? found->number() : otherwise;
}

int YamlEntry::integer_or(const char* key, int otherwise) const {
  const auto found = find(key);
  return found ? found->integer() : otherwise;
}

bool YamlEntry::boolean_or(const char* key, bool otherwise) const {
  const auto found = find(key);
  return found ? found->boolean() : otherwise;
}

std::size_t YamlEntry::choice(std::initializer_list<std::string_view> names) const {
  const std::string given = text();
  const auto* const found = std::find(names.begin(), names.end(), given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::vector<std::string> known(names.begin(), names.end());
  fail(fmt::format("'{}' is not {}", given, base::listed(known)));
}

}  // namespace wheatstone::profile
