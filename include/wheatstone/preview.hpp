#pragma once
// What a run would do, before it does it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone {
inline namespace v1 {

struct PreviewOptions {
  std::size_t rows = 5;                    ///< shown of the start and of the end
  std::optional<Duration> per_point = {};  ///< a point as it was measured; else estimated
};

/// A plan as it stands: a plain value.
struct Preview {
  std::optional<std::uint64_t> points = {};  ///< none: not known beforehand
  std::vector<std::string> parameters = {};  ///< their names
  std::vector<Row> first = {};               ///< parameters of the first points
  std::vector<Row> last = {};                ///< of the last, where they are known and not among the first
  std::optional<Duration> time = {};         ///< at least, unless it was measured; none: not known
  std::vector<std::string> time_is = {};     ///< what that is made of, a line each
  std::vector<std::string> refused = {};     ///< what run() would refuse, a sentence each

  /// "11 points, 2.2 s or more".
  [[nodiscard]] WHEATSTONE_API std::string headline() const;
  /// All of it as a person reads it, lines without a last break.
  [[nodiscard]] WHEATSTONE_API std::string text() const;
};

}  // namespace v1
}  // namespace wheatstone
