#pragma once
// A file of tests/sessions/texts: sections that begin with "==== name".

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wheatstone::sessions {

struct Section {
  std::string name;      ///< "procedure", "set", "table", ...
  std::string argument;  ///< "voltage=0:1" of "==== set voltage=0:1"
  std::string text;      ///< whole lines
};

struct SessionText {
  std::string head;  ///< what stands before the first section
  std::vector<Section> sections;

  [[nodiscard]] static SessionText read(const std::filesystem::path& file);
  [[nodiscard]] const Section* find(std::string_view name) const;
  /// As a file.
  [[nodiscard]] std::string text() const;
};

}  // namespace wheatstone::sessions
