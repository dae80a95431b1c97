// The schema that editors use says the same as the reader: every shipped profile is valid by it, and what it refuses
// the reader refuses too.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <wheatstone/error.hpp>

#include "profile/profile.hpp"
#include "profile/shipped.hpp"

namespace wheatstone::profile {
namespace {

using nlohmann::json;

const json& schema() {
  static const json read = json::parse(std::ifstream(WHEATSTONE_SOURCE_DIR "/profiles/profile.schema.json"));
  return read;
}

/// YAML's core schema, as editors apply it: plain scalars have a type, quoted ones are strings.
json scalar(const YAML::Node& node) {
  if (node.Tag() == "!") return node.Scalar();
  bool boolean = false;
  if (YAML::convert<bool>::decode(node, boolean)) return boolean;
  long long integer = 0;
  if (YAML::convert<long long>::decode(node, integer)) return integer;
  double number = 0;
  if (YAML::convert<double>::decode(node, number)) return number;
  return node.Scalar();
}

json to_json(const YAML::Node& node) {
  if (node.IsScalar()) return scalar(node);
  json result = node.IsSequence() ? json::array() : json::object();
  for (const auto& child : node) {
    if (node.IsSequence()) {
      result.push_back(to_json(child));
    } else {
      result[child.first.Scalar()] = to_json(child.second);
    }
  }
  return result;
}

bool is_of_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  return type == "number" && value.is_number();
}

/// The part of JSON Schema that the file uses. Problems are "path: what".
class Validator {
 public:
  std::vector<std::string> problems;

  void check(const json& value, const json& rule, const std::string& path) {
    if (rule.contains("$ref")) {
      const auto& name = rule["$ref"].get_ref<const std::string&>();
      check(value, schema().at(json::json_pointer(name.substr(1))), path);
    }
    if (rule.contains("type")) check_type(value, rule["type"], path);
    if (rule.contains("enum")) {
      const auto& allowed = rule["enum"];
      if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) problems.push_back(path + ": not allowed");
    }
    if (value.is_object()) check_object(value, rule, path);
    if (value.is_array() && rule.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i) check(value[i], rule["items"], path + "/" + std::to_string(i));
    }
    if (value.is_array() && value.size() < rule.value("minItems", 0U)) problems.push_back(path + ": too short");
  }

 private:
  void check_type(const json& value, const json& type, const std::string& path) {
    const json types = type.is_array() ? type : json::array({type});
    const bool fits = std::any_of(types.begin(), types.end(), [&](const json& t) { return is_of_type(value, t); });
    if (!fits) problems.push_back(path + ": is no " + type.dump());
  }

  void check_object(const json& value, const json& rule, const std::string& path) {
    for (const auto& key : rule.value("required", json::array())) {
      if (!value.contains(key)) problems.push_back(path + ": lacks " + key.dump());
    }
    const json properties = rule.value("properties", json::object());
    for (const auto& [key, member] : value.items()) {
      if (properties.contains(key)) {
        check(member, properties[key], path + "/" + key);
      } else if (rule.contains("additionalProperties")) {
        const json& rest = rule["additionalProperties"];
        if (rest == false) {
          problems.push_back(path + ": unknown key " + key);
        } else {
          check(member, rest, path + "/" + key);
        }
      }
    }
  }
};

std::vector<std::string> problems_of(std::string_view yaml) {
  Validator validator;
  validator.check(to_json(YAML::Load(std::string(yaml))), schema(), "");
  return validator.problems;
}

TEST(Schema, HoldsForEveryShippedProfile) {
  for (const ShippedProfile& shipped : shipped_profiles()) {
    EXPECT_EQ(problems_of(shipped.yaml), std::vector<std::string>{}) << shipped.file;
  }
}

TEST(Schema, RefusesWhatTheReaderRefuses) {
  const std::string head = "maker: A\nmodel: B\nkind: generic\n";
  for (const char* wrong : {"colour: red", "kind2: generic", "channels: {}", "channels: [{number: 1}]",
                            "figures: {a: {value: 1}}", "figures: {a: {value: x, source: ds}}", "commands: {x: {}}",
                            "commands: {x: {scpi: VOLT, parameters: [{name: a, kind: color}]}}",
                            "commands: {x: {scpi: VOLT, channels: many}}", "commands: {x: {scpi: VOLT, quary: true}}",
                            "errors: {rides: true}", "functions: {f: {ranges: [{nominal: 1, source: ds}]}}",
                            "functions: {f: {header: F, ranges: []}}"}) {
    EXPECT_NE(problems_of(head + wrong), std::vector<std::string>{}) << wrong;
    EXPECT_THROW((void)parse_profile(head + wrong, "x.yaml"), ConfigurationError) << wrong;
  }
}

TEST(Schema, NeedsMakerModelAndKind) {
  EXPECT_EQ(problems_of("{maker: A}").size(), 2u);
  EXPECT_THROW((void)parse_profile("{maker: A}", "x.yaml"), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::profile
