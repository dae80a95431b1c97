#pragma once
// What people type into a search, and the text of a run that it is looked for in.

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/run_reading.hpp"

namespace wheatstone::catalogue {

/// Words that must follow one another.
struct Phrase {
  std::string text = {};
  bool is_whole = false;  ///< typed in quotes: its last word is a word, not the beginning of one
};

/// What was typed as phrases: text between quotes (", “ ”, „ “, « ») is one, any other piece between spaces too. A
/// quote that is not closed ends with the text.
[[nodiscard]] std::vector<Phrase> phrases_of(std::string_view typed);

/// What was typed as a query of SQLite's FTS5, in which every character is text: a run must have all phrases, the last
/// word of each but the quoted ones may go on; "ss" is sharp s, and umlauts may be spelt out ("oe"). Of more than 64
/// phrases the first 64. Pieces of punctuation alone ask for nothing; empty where nothing else was typed.
[[nodiscard]] std::string query_for(std::string_view typed);

/// The text of a run, by how much a word in it says of the run.
struct SearchedText {
  std::string name = {};
  std::string tags = {};
  std::string words = {};    ///< description, notes, error
  std::string devices = {};  ///< instruments, parameters, columns
  std::string origin = {};   ///< folder, script, user, host
};
[[nodiscard]] SearchedText searched_text(const ReadRun& run);

/// Text as the index has it: with spaces around pictographs, so that each is a word of its own.
[[nodiscard]] std::string spaced(std::string_view text);

/// What else a text is to be found by: the parts of words from each change between letters and digits on ("36311A" of
/// "EDU36311A"), and words with umlauts or sharp s as they are written without ("Messgeraet", "Grösse").
[[nodiscard]] std::string further_words(std::string_view text);

}  // namespace wheatstone::catalogue
