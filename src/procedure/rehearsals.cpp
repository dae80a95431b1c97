#include "procedure/rehearsals.hpp"

#include <algorithm>
#include <cassert>

namespace wheatstone::procedure {

Rehearsals::Rehearsals(MeasurementSession& session) {
  for (const std::string& alias : session.instrument_names()) {
    each_.push_back(std::make_unique<instrument::Rehearsal>(session.instrument(alias).conversation()));
  }
}

instrument::Rehearsal& Rehearsals::of(const Instrument& instrument) {
  const auto found =
      std::ranges::find_if(each_, [&](const auto& one) { return &one->conversation() == &instrument.conversation(); });
  assert(found != each_.end());
  return **found;
}

}  // namespace wheatstone::procedure
