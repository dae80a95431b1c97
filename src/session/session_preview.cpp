#include <wheatstone/multimeter.hpp>

#include "instrument/conversation.hpp"
#include "session/preview.hpp"
#include "session/session_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr double k_line_frequency = 50;  // Hz, where a profile does not say

/// One measurement of a meter as it was configured, else as after its reset, by its profile; nothing is asked of the
/// instrument.
std::optional<session::MeterTime> meter_time(const SessionInstrument& entry) {
  if (entry.instrument == nullptr || entry.instrument->kind() != "multimeter") return std::nullopt;
  if (const auto* meter = dynamic_cast<const Multimeter*>(entry.instrument)) {
    if (const auto known = meter->known_integration()) return session::MeterTime{entry.alias, *known};
  }
  const profile::Profile& profile = entry.instrument->conversation().profile();
  const std::optional<double> cycles = profile.find_figure("default_nplc");
  if (!cycles) return std::nullopt;
  const double line = profile.find_figure("line_frequency").value_or(k_line_frequency);
  return session::MeterTime{entry.alias, std::chrono::duration<double>(*cycles / line)};
}

}  // namespace

Preview MeasurementSession::preview(const RunOptions& options, const PreviewOptions& shown) const {
  state_->require_open();
  std::vector<session::MeterTime> meters;
  for (const SessionInstrument& entry : state_->instruments) {
    if (const auto meter = meter_time(entry)) meters.push_back(*meter);
  }
  return session::preview(state_->make_request(options), meters, shown);
}

}  // namespace v1
}  // namespace wheatstone
