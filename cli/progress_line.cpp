#include "progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "terminal.hpp"

namespace wheatstone::cli {
namespace {

std::string bar(double share, std::size_t width, bool unicode) {
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  std::string text;
  for (std::size_t i = 0; i < width; ++i) {
    if (unicode) {
      text += i < full ? "█" : "░";
    } else {
      text += i < full ? '#' : '.';
    }
  }
  return text;
}

std::string rate_and_rest(const Progress& progress) {
  const double seconds = progress.elapsed.seconds();
  if (!progress.reason.empty()) {
    return (progress.state == RunState::paused ? "  held: " : "  ") + progress.reason;
  }
  if (progress.state == RunState::paused) return "  paused";
  if (progress.done == 0 || seconds <= 0) return {};
  const bool known = progress.rate > 0 && progress.state == RunState::running;
  const double rate = known ? progress.rate : static_cast<double>(progress.done) / seconds;
  std::string text = fmt::format("  {:.3g} points/s", rate);
  if (progress.total && *progress.total > progress.done) {
    text += fmt::format("  {:.0f} s left", static_cast<double>(*progress.total - progress.done) / rate);
  } else {
    text += fmt::format("  {:.2g} s", seconds);
  }
  return text;
}

}  // namespace

std::string progress_line(const Progress& progress, const std::string& name, std::size_t width, bool unicode) {
  std::string after = fmt::format("  {}", progress.done);
  if (progress.total) after += fmt::format("/{}", *progress.total);
  after += rate_and_rest(progress);
  std::string line = name + "  ";
  const std::size_t taken = columns_of(line) + columns_of(after);
  if (progress.total && *progress.total > 0 && taken + 8 <= width) {
    const double share = static_cast<double>(progress.done) / static_cast<double>(*progress.total);
    line += bar(share, std::min<std::size_t>(width - taken, 32), unicode);
  }
  line += after;
  // Names are the user's: a long one is cut rather than wrapped, which would break the rewriting of the line.
  while (columns_of(line) > width) line.pop_back();
  return line;
}

std::string progress_in_words(const Progress& progress) {
  std::string text(name_of(progress.state));
  if (!progress.reason.empty()) text += fmt::format(" ({})", progress.reason);
  text += fmt::format(", {}", progress.done);
  if (progress.total) text += fmt::format(" of {}", *progress.total);
  text += " points";
  if (progress.state != RunState::running) return text;
  if (progress.rate > 0) text += fmt::format(", {:.3g} points/s", progress.rate);
  if (progress.remaining) text += fmt::format(", {:.0f} s left", progress.remaining->seconds());
  return text;
}

}  // namespace wheatstone::cli
