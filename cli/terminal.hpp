#pragma once
// Where the program writes: how wide it is, and what it can show.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace wheatstone::cli {

/// How text looks where there are colours.
enum class Style : std::uint8_t { plain, faint, good, warning, bad };

/// What the place that a stream leads to can show. A plain value, so that tests can make any.
struct Terminal {
  std::ostream* out = nullptr;         ///< results
  std::ostream* err = nullptr;         ///< progress and errors
  std::size_t width = 80;              ///< of `out`, in columns
  bool is_width_told = false;          ///< COLUMNS says it: holds in a pipe too
  bool is_out_terminal = false;        ///< a person reads `out`
  bool is_err_terminal = false;        ///< a person reads `err`, where lines may be rewritten
  bool color = false;                  ///< `out` takes colours: a terminal, and neither NO_COLOR nor TERM=dumb
  bool unicode = true;                 ///< characters beyond ASCII
  std::string program = "wheatstone";  ///< as the user called it, for "what to type next"

  /// Of this process's standard streams: COLUMNS or the terminal's own width (80 in a pipe), NO_COLOR, TERM, and
  /// LC_ALL, LC_CTYPE or LANG, the first that is set, for the characters.
  static Terminal of_process();

  /// `text` as bold or faint, or as it is where there are no colours.
  [[nodiscard]] std::string bold(std::string_view text) const;
  [[nodiscard]] std::string faint(std::string_view text) const;
  [[nodiscard]] std::string styled(std::string_view text, Style style) const;

  /// The width that tables are shortened to: that of a person's terminal, or COLUMNS; none in a pipe, where nothing is.
  [[nodiscard]] std::optional<std::size_t> limit() const;

  /// Each line of `text`, cut to the width where a person reads or COLUMNS is set; the last character then says so.
  [[nodiscard]] std::string fit(std::string_view text) const;
};

/// Columns that UTF-8 text takes on a terminal: two for characters of East Asia and pictures, none for marks that
/// combine with what stands before (Unicode 15, EastAsianWidth.txt and the general categories, in whole blocks).
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// `text` in at most `width` columns; where it is cut, its last character is `…` (`>` without unicode). Never cuts
/// within a character.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width, bool unicode);

/// `text` on one line, for a cell or a name in a sentence: control characters, which could move the cursor or break a
/// table, and bytes that are no UTF-8 become `?` ("\n" and tabs a space).
[[nodiscard]] std::string printable(std::string_view text);
/// The same for text of several lines, which stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

}  // namespace wheatstone::cli
