#pragma once
// How the program spells instants and tables.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/duration.hpp>

namespace wheatstone::cli {

/// "2026-11-23 10:15:02" in UTC; with `fraction`, milliseconds too.
[[nodiscard]] std::string utc(Time time, bool fraction = false);

/// "2026-11-23T10:15:02.123456789Z".
[[nodiscard]] std::string rfc3339(Time time);

/// Rows of cells under a head, columns as wide as their widest cell and two spaces apart; the columns of `right` are
/// numbers and stand to the right. REQUIRES: every row has as many cells as the head.
[[nodiscard]] std::string columns(const std::vector<std::string>& head,
                                  const std::vector<std::vector<std::string>>& rows,
                                  const std::vector<std::size_t>& right = {});

/// `text` broken at spaces into lines of at most `width` columns, each but the first after `indent`; a word that is
/// wider stands on a line of its own. The first line may be `width` columns, so `width` is what is left beside the
/// indent.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::string_view indent = {});

/// The word as a shell takes it: quoted where it has to be.
[[nodiscard]] std::string shell_word(const std::string& word);

}  // namespace wheatstone::cli
