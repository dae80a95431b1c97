#include "session/preview.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "plan/text.hpp"
#include "session/exit_steps.hpp"
#include "session/schedule.hpp"

namespace wheatstone::session {
namespace {

constexpr std::uint64_t k_most_walked = 1'000'000;  // points, to count them
constexpr std::uint64_t k_most_sampled = 100'000;   // where the count is known: to see how often parameters change

/// What a walk through a plan has seen.
struct Walk {
  std::uint64_t points = 0;
  bool is_complete = false;
  std::vector<std::uint64_t> changes;  ///< of each parameter
};

Row row_of(const plan::Place& place) {
  Row row;
  for (std::size_t k = 0; k < place.names.size(); ++k) row.push_back({place.names[k], place.values[k]});
  return row;
}

plan::Place first_place(const RunRequest& request) {
  std::vector<std::string> names;
  for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
  return plan::empty_place(std::move(names));
}

/// Whether walking costs nothing but time: a stream would be pulled.
bool may_walk(const RunRequest& request) {
  return std::ranges::none_of(request.parameters, [](const ParameterDefinition& parameter) {
    return parameter.values->form() == ParameterValues::Form::streamed;
  });
}

Walk walk(plan::Plan& plan, const RunRequest& request, const PreviewOptions& options, Preview& preview) {
  plan::Place place = first_place(request);
  Walk seen{.changes = std::vector<std::uint64_t>(request.parameters.size())};
  std::deque<Row> last;
  const bool is_counted = plan.size().has_value();
  const std::uint64_t most = !may_walk(request) ? options.rows : is_counted ? k_most_sampled : k_most_walked;
  while (seen.points < most) {
    if (!plan.next(place)) {
      seen.is_complete = true;
      break;
    }
    ++seen.points;
    for (const std::size_t k : place.changed) ++seen.changes[k];
    if (preview.first.size() < options.rows) {
      preview.first.push_back(row_of(place));
    } else if (options.rows > 0 && !is_counted) {
      last.push_back(row_of(place));
      if (last.size() > options.rows) last.pop_front();
    }
  }
  if (seen.is_complete) preview.last.assign(last.begin(), last.end());
  return seen;
}

/// The last rows of a plan whose size is known, without the way there.
void go_to_end(const RunRequest& request, const PreviewOptions& options, Preview& preview) {
  const std::uint64_t shown = std::min<std::uint64_t>(options.rows, *preview.points - preview.first.size());
  if (shown == 0) return;
  const auto plan = plan_of(request, {});
  plan::Place place = first_place(request);
  plan->skip(*preview.points - shown, place);
  while (plan->next(place)) preview.last.push_back(row_of(place));
}

std::string seconds_text(double seconds) { return fmt::format("{:.6g} s", seconds); }

/// Adds the times that a sweep cannot be faster than.
void estimate_sweep(const RunRequest& request, const Walk& seen, const std::vector<MeterTime>& meters,
                    Preview& preview) {
  const double points = static_cast<double>(*preview.points);
  const double scale = seen.points == 0 ? 0 : points / static_cast<double>(seen.points);
  double total = 0;
  for (std::size_t k = 0; k < request.parameters.size(); ++k) {
    const Settle& settle = request.parameters[k].options.settle;
    double each = settle.seconds();
    if (settle.until()) each += settle.until()->options.over.seconds();
    if (each <= 0) continue;
    const double times = std::round(static_cast<double>(seen.changes[k]) * scale);
    total += times * each;
    preview.time_is.push_back(
        fmt::format("settling of '{}': {:.0f} times {}", request.parameters[k].name, times, seconds_text(each)));
  }
  std::uint32_t samples = 1;
  for (const auto& acquisition : request.acquisitions) samples = std::max(samples, acquisition->options().samples);
  for (const MeterTime& meter : meters) {
    const double each = meter.integration.seconds() * samples;
    total += points * each;
    preview.time_is.push_back(
        fmt::format("readings of '{}': {:.0f} times {}", meter.alias, points, seconds_text(each)));
  }
  if (preview.time_is.empty()) {
    preview.time_is.emplace_back("neither settling nor a meter's integration; give a measured point for an estimate");
    return;
  }
  preview.time = std::chrono::duration<double>(total);
}

void estimate_timed(const RunRequest& request, Preview& preview) {
  double total = request.options.duration ? request.options.duration->seconds() : HUGE_VAL;
  const AcquisitionTimes times = times_of(request);
  if (times.all_together()) {
    const double interval = static_cast<double>(times.intervals.front()) / 1e9;
    if (preview.points) total = std::min(total, static_cast<double>(*preview.points) * interval);
    preview.time_is.push_back(fmt::format("a point each {}", seconds_text(interval)));
  } else {
    preview.time_is.emplace_back("rows whenever an acquisition is due, each at times of its own");
  }
  if (std::isfinite(total)) preview.time = std::chrono::duration<double>(total);
}

void estimate(const RunRequest& request, const Walk& seen, const std::vector<MeterTime>& meters,
              const PreviewOptions& options, Preview& preview) {
  if (is_timed(request.options)) return estimate_timed(request, preview);
  if (!preview.points) {
    preview.time_is.emplace_back("the number of points is not known");
  } else if (options.per_point) {
    preview.time = std::chrono::duration<double>(static_cast<double>(*preview.points) * options.per_point->seconds());
    preview.time_is.push_back(
        fmt::format("{} points of {}, as measured", *preview.points, seconds_text(options.per_point->seconds())));
  } else {
    estimate_sweep(request, seen, meters, preview);
  }
}

/// As many points as a timed run has due instants for; with triggers, only the count says.
void count_rows(const RunRequest& request, Preview& preview) {
  const RunOptions& options = request.options;
  if (!is_timed(options)) return;
  const AcquisitionTimes times = times_of(request);
  std::optional<std::uint64_t> rows = options.count;
  const bool has_grids = !times.intervals.empty() && std::ranges::min(times.intervals) > 0;
  if (options.duration && options.duration->nanoseconds() > 0 && has_grids && !times.any_triggered) {
    const plan::SlotGrids grids(0, times.intervals, options.duration->nanoseconds(), false);
    if (const auto instants = grids.size()) rows = std::min(rows.value_or(UINT64_MAX), *instants);
  }
  if (options.cycle || !preview.points) {
    preview.points = rows;
  } else if (rows) {
    preview.points = std::min(*preview.points, *rows);
  }
}

void add_points(const RunRequest& request, const std::vector<MeterTime>& meters, const PreviewOptions& options,
                Preview& preview) {
  const auto plan = plan_of(request, {});
  preview.points = plan->size();
  Walk seen;
  if (!plan->adaptive() && !request.parameters.empty()) {
    seen = walk(*plan, request, options, preview);
    if (preview.points) {
      go_to_end(request, options, preview);
    } else if (seen.is_complete) {
      preview.points = seen.points;
    }
  }
  if (request.parameters.empty()) preview.points = std::nullopt;
  count_rows(request, preview);
  estimate(request, seen, meters, options, preview);
}

/// In the largest unit of which there are two or more, from a tenth of a second in seconds.
std::string spoken_time(double seconds) {
  struct Scale {
    double seconds;
    std::string_view name;
  };
  constexpr std::array k_scales = std::to_array<Scale>(
      {{365.25 * 24 * 3600, "years"}, {24 * 3600, "days"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}});
  const auto fits = [seconds](const Scale& scale) {
    return seconds >= (scale.seconds > 1 ? 2 : 0.1) * scale.seconds || scale.seconds < 1;
  };
  const Scale& scale = *std::ranges::find_if(k_scales, fits);
  const double amount = seconds / scale.seconds;
  if (amount < 100) return fmt::format("{:.3g} {}", amount, scale.name);
  return amount < 1e6 ? fmt::format("{:.0f} {}", amount, scale.name) : fmt::format("{:.2g} {}", amount, scale.name);
}

std::string text_of_row(const Row& row) {
  std::string text;
  for (const Row::Entry& entry : row) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", entry.key, plan::text_of(entry.value));
  }
  return text;
}

}  // namespace

Preview preview(const RunRequest& request, const std::vector<MeterTime>& meters, const PreviewOptions& options) {
  Preview preview;
  for (const ParameterDefinition& parameter : request.parameters) preview.parameters.push_back(parameter.name);
  try {
    check(request);
  } catch (const ConfigurationError& error) {
    preview.refused.emplace_back(error.what());
  }
  if (request.parameters.empty() && !is_timed(request.options)) return preview;
  try {
    add_points(request, meters, options, preview);
  } catch (const std::exception& error) {
    if (std::ranges::find(preview.refused, error.what()) == preview.refused.end()) {
      preview.refused.emplace_back(error.what());
    }
  }
  return preview;
}

}  // namespace wheatstone::session

namespace wheatstone {
inline namespace v1 {

std::string Preview::headline() const {
  std::string text = points ? fmt::format("{} point{}", *points, *points == 1 ? "" : "s")
                            : std::string("points whose number is not known");
  if (time) text += fmt::format(", {} or more", session::spoken_time(time->seconds()));
  return text;
}

std::string Preview::text() const {
  std::string text = points ? fmt::format("{} point{}", *points, *points == 1 ? "" : "s") : "points: not known";
  if (time) text += fmt::format(", {}", session::seconds_text(time->seconds()));
  for (const std::string& line : time_is) text += "\n  " + line;
  for (const Row& row : first) text += "\n  " + session::text_of_row(row);
  if (!first.empty() && (!last.empty() || !points || *points > first.size())) text += "\n  ...";
  for (const Row& row : last) text += "\n  " + session::text_of_row(row);
  for (const std::string& sentence : refused) text += "\nrefused: " + sentence;
  return text;
}

}  // namespace v1
}  // namespace wheatstone
