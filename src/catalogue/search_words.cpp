#include "catalogue/search_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "catalogue/utf8.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {
namespace {

bool is_quote(char32_t code) {
  constexpr std::array<char32_t, 6> k_quotes = {U'"', 0x201C, 0x201D, 0x201E, 0xAB, 0xBB};
  return std::ranges::find(k_quotes, code) != k_quotes.end();
}

bool is_space(char32_t code) {
  return code <= 0x20 || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x3000;
}

/// What the index takes for words of their own: arrows, signs and dingbats, emoji.
bool is_pictograph(char32_t code) { return (code >= 0x2190 && code <= 0x2BFF) || (code >= 0x1F000 && code <= 0x1FAFF); }

/// What joins or colours pictographs and has no meaning alone.
bool is_joiner(char32_t code) {
  return code == 0x200D || code == 0xFE0F || code == 0xFE0E || (code >= 0x1F3FB && code <= 0x1F3FF);
}

/// Whether the index takes a character for part of a word: letters, digits, symbols such as the degree sign, and not
/// punctuation, currencies or signs of mathematics.
bool is_of_a_word(char32_t code) {
  if (code < 0x80) return (code >= U'0' && code <= U'9') || ((code | 0x20) >= U'a' && (code | 0x20) <= U'z');
  if (code < 0xC0) return std::u32string_view(U"¦©ª®°²³µ¹º¼½¾").find(code) != std::u32string_view::npos;
  constexpr std::array<std::pair<char32_t, char32_t>, 6> k_signs = {
      {{0xD7, 0xD7}, {0xF7, 0xF7}, {0x2000, 0x206F}, {0x20A0, 0x20CF}, {0x2190, 0x2194}, {0x2200, 0x22FF}}};
  return std::ranges::none_of(k_signs, [&](const auto& range) { return code >= range.first && code <= range.second; });
}

bool has_a_word(std::string_view text) {
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    if (is_of_a_word(letter.code)) return true;
    text.remove_prefix(letter.size);
  }
  return false;
}

void add(std::string& text, std::string_view more) {
  if (more.empty()) return;
  if (!text.empty()) text += " ¦ ";  // a word to the index, so that words of two texts do not follow one another
  text += more;
}

enum class Sort : std::uint8_t { other, digit, letter };

Sort sort_of(char32_t code) {
  if (code >= U'0' && code <= U'9') return Sort::digit;
  if ((code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z') || (code >= 0xC0 && code < 0x250))
    return Sort::letter;
  return Sort::other;
}

std::string_view without_umlaut(char32_t code) {
  switch (lower_letter(code)) {
    case 0xE4:
      return "ae";
    case 0xF6:
      return "oe";
    case 0xFC:
      return "ue";
    case 0xDF:
      return "ss";
    default:
      return {};
  }
}

/// Text with each letter as `spelt` has it, where that is not empty.
template <class Spelt>
std::string respelt(std::string_view text, Spelt spelt) {
  std::string out;
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    const std::string_view as = spelt(letter.code);
    out += as.empty() ? text.substr(0, letter.size) : as;
    text.remove_prefix(letter.size);
  }
  return out;
}

/// "Grösse" of "Größe".
std::string without_sharp_s(std::string_view text) {
  return respelt(text, [](char32_t code) { return lower_letter(code) == 0xDF ? "ss" : ""; });
}

/// "Größe" of "Grösse", "GRÖSSE".
std::string with_sharp_s(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_double = (text[at] == 's' || text[at] == 'S') && at + 1 < text.size() && (text[at + 1] | 0x20) == 's';
    if (is_double) {
      out += "ß";
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// A phrase as it may stand in a text: as it was typed, with and without sharp s, and with umlauts spelt out. The index
/// knows lower case and leaves out accents.
std::vector<std::string> spellings_of(std::string_view phrase) {
  std::vector<std::string> spellings = {std::string(phrase)};
  for (std::string& other :
       std::array{without_sharp_s(phrase), with_sharp_s(phrase), respelt(phrase, without_umlaut)}) {
    if (std::ranges::find(spellings, other) == spellings.end()) spellings.push_back(std::move(other));
  }
  return spellings;
}

/// As a string of SQLite's FTS5.
std::string quoted(std::string_view phrase, bool is_whole) {
  std::string out = "\"";
  for (const char c : spaced(phrase)) {
    if (c == '"') out += '"';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + (is_whole ? "\"" : "\" *");
}

/// The further words of one word of letters and digits.
void add_parts(std::string& out, std::string_view word) {
  Sort before = Sort::other;
  for (std::size_t at = 0; at < word.size();) {
    const Letter letter = first_letter(word.substr(at));
    const Sort sort = sort_of(letter.code);
    if (at != 0 && sort != before) (out += ' ') += word.substr(at);
    before = sort;
    at += letter.size;
  }
  const std::string plain = respelt(word, without_umlaut);
  if (plain == word) return;
  (out += ' ') += plain;
  if (std::string double_s = without_sharp_s(word); double_s != word && double_s != plain) (out += ' ') += double_s;
}

}  // namespace

std::vector<Phrase> phrases_of(std::string_view typed) {
  std::vector<Phrase> phrases;
  Phrase phrase;
  const auto end_phrase = [&](bool is_whole) {
    phrase.is_whole = is_whole;
    if (!phrase.text.empty()) phrases.push_back(std::move(phrase));
    phrase = {};
  };
  bool quoted = false;
  while (!typed.empty()) {
    const Letter letter = first_letter(typed);
    if (is_quote(letter.code)) {
      end_phrase(quoted);
      quoted = !quoted;
    } else if (is_space(letter.code) && !quoted) {
      end_phrase(false);
    } else {
      phrase.text += typed.substr(0, letter.size);
    }
    typed.remove_prefix(letter.size);
  }
  end_phrase(false);
  return phrases;
}

std::string query_for(std::string_view typed) {
  constexpr std::size_t k_most_phrases = 64;
  std::string query;
  std::size_t count = 0;
  for (const Phrase& phrase : phrases_of(typed)) {
    // The index knows no punctuation: "&" asked for by itself would be found nowhere, and "IV & curve" neither.
    if (!has_a_word(phrase.text)) continue;
    if (++count > k_most_phrases) break;
    if (!query.empty()) query += " AND ";
    std::string any;
    for (const std::string& spelling : spellings_of(phrase.text))
      (any += any.empty() ? "(" : " OR ") += quoted(spelling, phrase.is_whole);
    query += any + ")";
  }
  return query;
}

SearchedText searched_text(const ReadRun& run) {
  const RunSummary& summary = run.summary;
  SearchedText text;
  text.name = summary.name;
  for (const std::string& tag : summary.tags) add(text.tags, tag);
  add(text.words, summary.description);
  add(text.words, run.record.text({"notes"}));
  for (const RunNote& note : summary.notes) add(text.words, note.text);
  add(text.words, summary.error);
  for (const RunInstrument& each : summary.instruments) {
    for (const std::string* field : {&each.alias, &each.maker, &each.model, &each.serial, &each.profile, &each.address})
      add(text.devices, *field);
  }
  for (const RunParameter& each : summary.parameters) add(text.devices, each.name);
  if (const io::Document* parameters = run.record.find("parameters")) {
    for (const io::Document& each : parameters->items()) add(text.devices, each.text({"notes"}));
  }
  for (const std::string& column : run.columns) add(text.devices, column);
  // A folder that still has the name it was made with says nothing new, and its digits look like the beginnings of
  // words.
  const std::string folder = summary.folder.filename().string();
  if (!storage::is_folder_name(folder)) add(text.origin, folder);
  add(text.origin, std::filesystem::path(summary.script).filename().string());
  add(text.origin, summary.user);
  add(text.origin, summary.host);
  return text;
}

std::string spaced(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    const bool alone = is_pictograph(letter.code);
    if (alone) out += ' ';
    if (!is_joiner(letter.code)) out += text.substr(0, letter.size);
    if (alone) out += ' ';
    text.remove_prefix(letter.size);
  }
  return out;
}

std::string further_words(std::string_view text) {
  std::string out;
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Letter letter = first_letter(text.substr(at));
    if (sort_of(letter.code) == Sort::other) {
      add_parts(out, text.substr(start, at - start));
      start = at + letter.size;
    }
    at += letter.size;
  }
  add_parts(out, text.substr(start));
  return out;
}

}  // namespace wheatstone::catalogue
