#include "plan/plan.hpp"

#include <numeric>

namespace wheatstone::plan {

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

}  // namespace wheatstone::plan
