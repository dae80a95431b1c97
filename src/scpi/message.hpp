#pragma once
// Program messages taken apart: units between ';', arguments between ','; strings, blocks and parentheses stay whole.

#include <string>
#include <string_view>

namespace wheatstone::scpi {

/// Walks over the units of one program message: "VOLT 1;CURR 2;:SYST:ERR?" has three. Views into the message.
class MessageReader {
 public:
  explicit MessageReader(std::string_view message);

  /// The next unit without white space around it; false at the end. Empty units (";;") are passed over, as IEEE 488.2
  /// section 7.3.3 allows at the end of a message.
  [[nodiscard]] bool next(std::string_view& unit);

 private:
  std::string_view rest_;
};

/// What an argument looks like, before anybody knows what it should be.
enum class DatumKind {
  number,      ///< 1.5, +3E-3, .5, #H1F, with a suffix or without
  character,   ///< MAXimum, CHANnel1
  string,      ///< "it's" or 'it"s'; the text is what stands between the quotes, doubled quotes still doubled
  block,       ///< #15hello; the text is the data
  expression,  ///< (@1:3); the text has its parentheses
};

struct Datum {
  DatumKind kind = DatumKind::character;
  std::string_view text = {};
};

/// Walks over the arguments of one unit.
class ArgumentReader {
 public:
  explicit ArgumentReader(std::string_view arguments);

  /// The next argument; false at the end, and at an error, which error() then names (-102, -151, -161, -171).
  [[nodiscard]] bool next(Datum& datum);
  [[nodiscard]] int error() const { return error_; }

 private:
  bool fail(int error);
  bool quoted(Datum& datum);
  bool block(Datum& datum);
  bool expression(Datum& datum);
  bool plain(Datum& datum);

  std::string_view rest_;
  bool first_ = true;
  int error_ = 0;
};

/// Undoes the doubling of quotes: say ""hello"" becomes say "hello".
[[nodiscard]] std::string unquoted(std::string_view inside);

/// Appends the text in double quotes, those within doubled.
void append_quoted(std::string& out, std::string_view text);

}  // namespace wheatstone::scpi
