#include "session_text.hpp"

#include <algorithm>
#include <fstream>

namespace wheatstone::sessions {
namespace {

constexpr std::string_view k_mark = "==== ";

}  // namespace

SessionText SessionText::read(const std::filesystem::path& file) {
  SessionText read;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(k_mark)) {
      (read.sections.empty() ? read.head : read.sections.back().text) += line + "\n";
      continue;
    }
    const std::string title = line.substr(k_mark.size());
    const std::size_t space = std::min(title.find(' '), title.size());
    read.sections.push_back({title.substr(0, space), title.substr(std::min(space + 1, title.size())), ""});
  }
  return read;
}

const Section* SessionText::find(std::string_view name) const {
  const auto found = std::ranges::find(sections, name, &Section::name);
  return found == sections.end() ? nullptr : &*found;
}

std::string SessionText::text() const {
  std::string whole = head;
  for (const Section& section : sections) {
    whole += std::string(k_mark) + section.name + (section.argument.empty() ? "" : " " + section.argument) + "\n";
    whole += section.text;
  }
  return whole;
}

}  // namespace wheatstone::sessions
