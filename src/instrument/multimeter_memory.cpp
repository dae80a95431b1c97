#include "instrument/multimeter_memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "instrument/measuring.hpp"

namespace wheatstone::instrument {
namespace {

MeterFunction look_up(const Conversation& talk, MultimeterFunction f) {
  const std::string name(name_of(f));
  MeterFunction found;
  found.described = talk.profile().find_function(name);
  found.configure = talk.find("configure." + name);
  found.range = talk.find(name + ".range");
  found.auto_range = talk.find(name + ".auto_range");
  found.resolution = talk.find(name + ".resolution");
  found.nplc = talk.find(name + ".nplc");
  found.aperture = talk.find(name + ".aperture");
  if (found.aperture == nullptr) found.aperture = talk.find(name + ".gate_time");
  found.aperture_enabled = talk.find(name + ".aperture_enabled");
  found.auto_zero = talk.find(name + ".auto_zero");
  found.spoken = name;
  std::replace(found.spoken.begin(), found.spoken.end(), '_', ' ');
  if (found.described != nullptr) scpi::Pattern(found.described->header).append_shortest(found.selected);
  return found;
}

}  // namespace

MultimeterMemory::MultimeterMemory(const Conversation& talk)
    : read(talk.find("read")),
      fetch(talk.find("fetch")),
      initiate(talk.find("initiate")),
      function(talk.find("function")),
      configuration(talk.find("configuration")),
      line_frequency(talk.profile().find_figure("line_frequency").value_or(50)),
      range_down(talk.profile().find_figure("range_down").value_or(0.1)) {
  for (std::size_t i = 0; i < k_function_count; ++i) functions[i] = look_up(talk, static_cast<MultimeterFunction>(i));
}

void MultimeterMemory::refresh(const Conversation& talk) {
  if (talk.raw_count() == seen_raw_) [[likely]]
    return;
  seen_raw_ = talk.raw_count();
  forget();
  if (talk.reset_count() == seen_resets_) return;
  seen_resets_ = talk.reset_count();
  lents.fill({});
}

void MultimeterMemory::forget() {
  selected.reset();
  ranges.fill({});
  aperture = 0;
}

double MultimeterMemory::uncertainty(MultimeterFunction f, double value) const {
  const profile::Function* const described = of(f).described;
  if (described == nullptr || described->quantity.ranges.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto& all = described->quantity.ranges;
  const Ranging& ranging = ranges[static_cast<std::size_t>(f)];
  if (ranging.known && !ranging.automatic) return uncertainty_of(value, described->quantity.range_for(ranging.fixed));
  const auto used = std::find_if(all.rbegin(), all.rend(),
                                 [&](const profile::Range& r) { return std::abs(value) >= range_down * r.nominal; });
  return uncertainty_of(value, used == all.rend() ? all.front() : *used);
}

Duration MultimeterMemory::reading_time() const { return Duration::from_seconds(2 * aperture); }

}  // namespace wheatstone::instrument
