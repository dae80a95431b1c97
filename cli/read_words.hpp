#pragma once
// The words of a command line, read by what a verb declares.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verb.hpp"

namespace wheatstone::cli {

/// The verb that the first words name, as far as they do.
struct Chosen {
  std::vector<const Verb*> path = {};      ///< from the program itself to the verb
  std::span<const std::string> rest = {};  ///< the words after its name
  [[nodiscard]] const Verb& verb() const { return *path.back(); }
  [[nodiscard]] std::string name() const;  ///< "wheatstone runs ls"
};
[[nodiscard]] Chosen choose(const Verb& program, std::span<const std::string> words);

/// Writes what `words` say into the targets of the verb's options. Returns what is wrong with them, a sentence; none
/// where all is well.
[[nodiscard]] std::optional<std::string> read_words(const Verb& verb, std::span<const std::string> words);

/// Of `known`, the one that whoever typed `word` may have meant; empty where none is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// The names of an option, one by one: "-o", "--output".
[[nodiscard]] std::vector<std::string> names_of(const Option& option);

}  // namespace wheatstone::cli
