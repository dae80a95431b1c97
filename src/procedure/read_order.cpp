// In which order a procedure's points come: named, given one by one, or found.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "procedure/file_reader.hpp"

namespace wheatstone::procedure {

using profile::YamlEntry;

namespace {

/// Each point a mapping, or a list in the order of the parameters.
std::vector<PlacedText> read_point(const YamlEntry& point, const std::vector<PlacedText>& names,
                                   std::string_view file) {
  std::vector<PlacedText> values;
  if (point.is_list()) {
    for (const YamlEntry& value : point.items()) values.push_back(placed(value, file));
    if (values.size() == names.size()) return values;
    point.fail(fmt::format("this point has {} value{} for {} parameter{}", values.size(), values.size() == 1 ? "" : "s",
                           names.size(), names.size() == 1 ? "" : "s"));
  }
  if (!point.is_map()) point.fail("a point belongs here: {voltage: 1, current: 100 mA}");
  for (const PlacedText& name : names) {
    const auto value = point.find(name.text.c_str());
    if (!value) point.fail(fmt::format("this point has no '{}'", name.text));
    values.push_back(placed(*value, file));
  }
  for (const auto& [key, value] : point.placed_members()) {
    const std::string given = key.text();
    if (std::ranges::find(names, given, &PlacedText::text) == names.end()) {
      key.fail(fmt::format("the other points have no '{}'", given));
    }
  }
  return values;
}

void require_known(const std::vector<PlacedText>& names, const std::vector<ParameterText>& parameters) {
  for (const ParameterText& parameter : parameters) {
    if (std::ranges::find(names, parameter.name.text, &PlacedText::text) != names.end()) continue;
    parameter.name.fail(fmt::format("'points' have no '{}'", parameter.name.text));
  }
}

}  // namespace

PointsText read_points(const YamlEntry& points, const std::vector<ParameterText>& parameters, std::string_view file) {
  PointsText made;
  if (!points.is_list()) points.fail("a list of points belongs here: - {voltage: 1, current: 100 mA}");
  const std::vector<YamlEntry> items = points.items();
  if (items.empty()) points.fail("a list of points has one at least");
  for (const ParameterText& parameter : parameters) made.names.push_back(parameter.name);
  if (items.front().is_map()) {
    for (const auto& [key, value] : items.front().placed_members()) {
      const PlacedText name = placed(key, file);
      require_name(name, "a parameter");
      if (std::ranges::find(made.names, name.text, &PlacedText::text) == made.names.end()) made.names.push_back(name);
    }
  } else if (parameters.empty()) {
    points.fail("'sweep' names what these values are of, or each point does: {voltage: 1, current: 100 mA}");
  }
  made.columns.resize(made.names.size());
  for (const YamlEntry& item : items) {
    std::vector<PlacedText> values = read_point(item, made.names, file);
    for (std::size_t k = 0; k < values.size(); ++k) made.columns[k].push_back(std::move(values[k]));
  }
  require_known(made.names, parameters);
  return made;
}

AdaptiveText read_adaptive(const YamlEntry& order, std::string_view file) {
  AdaptiveText made{.bisects = order.has("bisect")};
  if (made.bisects) {
    order.allow({"bisect", "of", "threshold", "between", "tolerance"});
  } else {
    order.allow({"refine", "of", "between", "points"});
  }
  made.parameter = placed(order.at(made.bisects ? "bisect" : "refine"), file);
  require_name(made.parameter, "a parameter");
  made.of = placed(order.at("of"), file);
  const YamlEntry between = order.at("between");
  if (!between.is_list() || between.items().size() != 2) between.fail("a list of two values belongs here: [0, 5]");
  made.first = placed(between.items()[0], file);
  made.last = placed(between.items()[1], file);
  if (made.bisects) made.threshold = placed(order.at("threshold"), file);
  made.tolerance = made.bisects ? find_text(order, "tolerance", file) : std::nullopt;
  if (const auto points = made.bisects ? std::nullopt : order.find("points")) made.points = count_of(*points, 2);
  return made;
}

}  // namespace wheatstone::procedure
