#pragma once
// What every model of an instrument makes of its figures.

#include <cmath>
#include <cstdint>
#include <string_view>

#include "profile/profile.hpp"

namespace wheatstone::simulation {

/// The profile's figure of that name; `otherwise` where its document states none.
inline double figure_or(const profile::Profile& profile, std::string_view name, double otherwise) {
  return profile.find_figure(name).value_or(otherwise);
}

/// A set-point as a converter of that resolution makes it; a step of 0 is one that nobody sees.
inline double stepped(double value, double step) { return step > 0 ? std::round(value / step) * step : value; }

/// The nearest whole number of BenchTime's nanoseconds.
inline std::int64_t nanoseconds(double seconds) { return static_cast<std::int64_t>(std::llround(seconds * 1e9)); }

}  // namespace wheatstone::simulation
