#pragma once
// A YAML node that knows its file and refuses what nobody reads. For the .cpp files of this folder only: yaml-cpp is
// heavy.

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "profile/problems.hpp"

namespace wheatstone::profile {

/// A node with its file. Every reading method throws ConfigurationError "file:line:column: what is wrong". Where
/// `problems` are gathered, unknown keys and what attempt() reads are added to them instead; they outlive the node.
class YamlEntry {
 public:
  YamlEntry(YAML::Node node, std::string_view origin, Problems* problems = nullptr)
      : node_(std::move(node)), origin_(origin), problems_(problems) {}

  /// The whole document. Throws ConfigurationError where it is no YAML.
  static YamlEntry parse(std::string_view yaml, std::string_view origin, Problems* problems = nullptr);

  /// Reads a part that others do not depend on.
  template <class Read>
  void attempt(Read&& read) const {
    problems_ == nullptr ? std::forward<Read>(read)() : problems_->attempt(std::forward<Read>(read));
  }

  [[noreturn]] void fail(std::string_view why) const;
  /// The same at the place of its key, for one of members().
  [[noreturn]] void fail_at_key(std::string_view why) const;
  /// "bench.yaml:12:5"
  [[nodiscard]] std::string place() const;

  /// Where it begins, from 1; of quoted text, where the text itself begins.
  struct Position {
    int line = 0;
    int column = 0;
  };
  [[nodiscard]] Position position() const;

  /// REQUIRES a map with these keys only; an unknown key is refused with the nearest. Keys that are `refused` have
  /// been refused already.
  void allow(std::initializer_list<std::string_view> keys, std::span<const std::string_view> refused = {}) const;

  [[nodiscard]] bool has(const char* key) const { return static_cast<bool>(node_[key]); }
  [[nodiscard]] YamlEntry at(const char* key) const;  ///< must exist
  [[nodiscard]] std::optional<YamlEntry> find(const char* key) const;

  [[nodiscard]] bool is_null() const { return node_.IsNull(); }
  [[nodiscard]] bool is_map() const { return node_.IsMap(); }
  [[nodiscard]] bool is_list() const { return node_.IsSequence(); }
  [[nodiscard]] std::vector<YamlEntry> items() const;                            ///< must be a list
  [[nodiscard]] std::vector<std::pair<std::string, YamlEntry>> members() const;  ///< must be a map; in the file's order

  /// Keys as entries, so that they have a place; otherwise as members().
  [[nodiscard]] std::vector<std::pair<YamlEntry, YamlEntry>> placed_members() const;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] int integer() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<std::string> texts() const;  ///< a list, or one text
  [[nodiscard]] std::vector<double> numbers() const;

  [[nodiscard]] std::string text_or(const char* key, std::string_view otherwise) const;
  [[nodiscard]] double number_or(const char* key, double otherwise) const;
  [[nodiscard]] int integer_or(const char* key, int otherwise) const;
  [[nodiscard]] bool boolean_or(const char* key, bool otherwise) const;

  /// One of `names`; its place among them.
  [[nodiscard]] std::size_t choice(std::initializer_list<std::string_view> names) const;

 private:
  [[noreturn]] void fail_at(const YAML::Mark& mark, std::string_view why) const;
  [[nodiscard]] std::string spoken(const YAML::Mark& mark) const;

  YAML::Node node_;
  YAML::Mark key_ = YAML::Mark::null_mark();
  std::string_view origin_;
  Problems* problems_;
};

}  // namespace wheatstone::profile
