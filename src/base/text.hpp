#pragma once
// Small pieces of text that messages and parsers share.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wheatstone::base {

/// ASCII only; other bytes stay.
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string upper(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Text as a sentence quotes it: its first `most` bytes at most, then "... (1234 bytes)"; control characters and bytes
/// that are no UTF-8 as \x1b.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t most = 80);

/// The shortest decimal that reads back as the same double: "0.1", "1e-09", "nan", "inf".
[[nodiscard]] std::string shortest(double value);

/// Up to `most` of `names` that resemble `given` (edit distance, ignoring case), nearest first.
[[nodiscard]] std::vector<std::string> nearest(std::string_view given, std::span<const std::string> names,
                                               std::size_t most = 3);

/// "'a', 'b' or 'c'"; empty where there are none.
[[nodiscard]] std::string listed(std::span<const std::string> names, std::string_view last_word = "or");

}  // namespace wheatstone::base
