#pragma once
// What may stand at a place of a command line, for the shells' completion.

#include <span>
#include <string>
#include <vector>

#include "verb.hpp"

namespace wheatstone::cli {

/// One word that fits.
struct Suggestion {
  std::string word = {};
  std::string meaning = {};  ///< a few words, for shells that show them
};

struct Suggestions {
  std::vector<Suggestion> words = {};
  bool files = false;    ///< and the shell's own file names
  bool folders = false;  ///< and its names of folders
};

/// What fits in the place of the last word of `words` (after the program's name), which may be empty. Looks for runs,
/// tags and the like where the words before say so; nothing that cannot be read is an error here.
[[nodiscard]] Suggestions suggestions(const Verb& program, std::span<const std::string> words);

}  // namespace wheatstone::cli
