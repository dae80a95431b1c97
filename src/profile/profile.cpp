#include "profile/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::profile {
namespace {

template <typename List>
auto* named(const List& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

template <typename List>
std::string names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.push_back(item.name);
  return names.empty() ? "none" : base::listed(names, "and");
}

}  // namespace

const Accuracy& Range::readback_at(double frequency_hz) const {
  const AccuracyBand* nearest = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const AccuracyBand& band : bands) {
    const double distance = std::max({band.from_hz - frequency_hz, frequency_hz - band.to_hz, 0.0});
    if (nearest != nullptr && distance >= least) continue;
    nearest = &band;
    least = distance;
  }
  return nearest == nullptr ? readback : nearest->accuracy;
}

const Range& Quantity::range_for(double value) const {
  for (const Range& range : ranges) {
    if (std::abs(value) <= range.maximum) return range;
  }
  return ranges.back();
}

const Range* Quantity::range_of(double nominal) const {
  for (const Range& range : ranges) {
    if (std::abs(range.nominal - nominal) <= 1e-6 * std::abs(range.nominal)) return &range;
  }
  return nullptr;
}

const Quantity* Channel::find(std::string_view quantity_name) const { return named(quantities, quantity_name); }

const Quantity& Channel::quantity(std::string_view quantity_name) const {
  if (const Quantity* found = find(quantity_name)) return *found;
  throw ConfigurationError(
      fmt::format("channel {} has no quantity '{}'; it has {}", number, quantity_name, names_of(quantities)));
}

std::string_view name_of(InstrumentKind kind) {
  switch (kind) {
    case InstrumentKind::power_supply:
      return "power_supply";
    case InstrumentKind::multimeter:
      return "multimeter";
    case InstrumentKind::oscilloscope:
      return "oscilloscope";
    case InstrumentKind::electronic_load:
      return "electronic_load";
    case InstrumentKind::generic:
      return "generic";
  }
  return "generic";
}

bool Identification::matches(std::string_view idn_reply) const {
  const std::size_t first = idn_reply.find(',');
  if (first == std::string_view::npos) return false;
  const std::string_view maker = base::trimmed(idn_reply.substr(0, first));
  const std::size_t second = idn_reply.find(',', first + 1);
  const std::string_view model = base::trimmed(idn_reply.substr(first + 1, second - first - 1));
  const auto any = [](const std::vector<std::string>& names, std::string_view given) {
    return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
             return base::equal_ignoring_case(name, given);
           });
  };
  return any(makers, maker) && any(models, model);
}

const Channel* Profile::find_channel(int number) const {
  for (const Channel& one : channels) {
    if (one.number == number) return &one;
  }
  return nullptr;
}

const Channel& Profile::channel(int number) const {
  if (const Channel* found = find_channel(number)) return *found;
  std::vector<std::string> numbers;
  for (const Channel& one : channels) numbers.push_back(std::to_string(one.number));
  throw ConfigurationError(fmt::format("{} has no channel {}; it has {}", name, number,
                                       numbers.empty() ? "none" : base::listed(numbers, "and")));
}

const Function* Profile::find_function(std::string_view function_name) const { return named(functions, function_name); }

const Function& Profile::function(std::string_view function_name) const {
  if (const Function* found = find_function(function_name)) return *found;
  throw ConfigurationError(
      fmt::format("{} has no measuring function '{}'; it has {}", name, function_name, names_of(functions)));
}

std::optional<double> Profile::find_figure(std::string_view figure_name) const {
  const auto found = figures.find(figure_name);
  if (found == figures.end()) return std::nullopt;
  return found->second.value;
}

double Profile::figure(std::string_view figure_name) const {
  if (const auto found = find_figure(figure_name)) return *found;
  throw ConfigurationError(fmt::format("the profile {} does not state '{}'; add it under figures:", name, figure_name));
}

}  // namespace wheatstone::profile
