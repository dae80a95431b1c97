#include "plan/plan.hpp"

#include <array>
#include <numeric>

namespace wheatstone {
inline namespace v1 {

std::string_view name_of(ParameterValues::Form form) {
  constexpr std::array<std::string_view, 4> k_names = {"listed", "streamed", "dependent", "open"};
  return k_names[static_cast<std::size_t>(form)];
}

}  // namespace v1

namespace plan {

void Plan::skip(std::uint64_t count, Place& place) {
  for (std::uint64_t k = 0; k < count; ++k) {
    if (!next(place)) return;
  }
}

void mark_all_changed(Place& place) {
  place.changed.resize(place.values.size());
  std::iota(place.changed.begin(), place.changed.end(), std::size_t{0});
}

Place empty_place(std::vector<std::string> names) {
  Place place;
  place.values.resize(names.size());
  place.positions.resize(names.size());
  place.changed.reserve(names.size());
  place.names = std::move(names);
  return place;
}

}  // namespace plan
}  // namespace wheatstone
