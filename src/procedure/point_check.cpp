#include "procedure/point_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wheatstone::procedure {
namespace {

constexpr std::uint64_t k_most_walked = 1'000'000;
constexpr std::uint64_t k_samples = 1'000;
constexpr std::uint64_t k_most_points = 1'000'000'000;
constexpr double k_year = 365.25 * 24 * 3600;  // s

plan::Place first_place(const session::RunRequest& request) {
  std::vector<std::string> names;
  for (const session::ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
  return plan::empty_place(std::move(names));
}

/// Of the points that are not walked through, every so manieth, and the last.
void rehearse_samples(SetPoints& set_points, const session::RunRequest& request, std::uint64_t size,
                      Rehearsals& rehearsals) {
  const std::uint64_t every = std::max<std::uint64_t>((size - k_most_walked) / k_samples, 1);
  for (std::uint64_t index = size - 1; index >= k_most_walked; index = index >= every ? index - every : 0) {
    const auto plan = session::plan_of(request, {});
    plan::Place place = first_place(request);
    plan->skip(index, place);
    if (!plan->next(place)) return;
    place.index = index;
    set_points.restart();
    set_points.rehearse(place, rehearsals);
  }
}

}  // namespace

void rehearse_points(SetPoints& set_points, const session::RunRequest& request, Rehearsals& rehearsals) {
  if (request.parameters.empty()) {
    set_points.rehearse(Point::Data(), rehearsals);
    set_points.restart();
    return;
  }
  session::RunRequest walked = request;
  if (walked.options.order.kind() == Order::random) walked.options.order = Order::grid;  // the same points
  walked.options.repeat = 1;
  const auto plan = session::plan_of(walked, {});
  plan::Place place = first_place(walked);
  for (; place.index < k_most_walked && plan->next(place); ++place.index) set_points.rehearse(place, rehearsals);
  const auto size = plan->size();
  if (size && *size > k_most_walked) rehearse_samples(set_points, walked, *size, rehearsals);
  set_points.restart();
}

void require_likely_size(const Definition& definition, const Preview& preview) {
  if (definition.allow_long || definition.is_timed() || definition.parameters.empty()) return;
  const bool is_many = preview.points.value_or(0) > k_most_points;
  const bool is_long = preview.time && preview.time->seconds() > k_year;
  if (!is_many && !is_long) return;
  const ParameterText& first = definition.parameters.front();
  const PlacedText& place = first.values ? first.values->place() : first.name;
  place.fail(fmt::format("this sweep has {}; take fewer, or say 'allow_long: true' (--allow-long) if that is meant",
                         preview.headline()));
}

}  // namespace wheatstone::procedure
