#include "session/baselines.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "session/exit_steps.hpp"
#include "session/run_document.hpp"

namespace wheatstone::session {

void take_baselines(std::string_view when, const RunRequest& request, storage::RunWriter& writer, RunControl& control,
                    const WallAnchor& anchor) {
  for (const auto& baseline : request.baselines) {
    Point::Data point;
    point.index = writer.row_count();
    point.timestamp = anchor.wall_of(request.clock->boottime());
    Row results;
    try {
      if (Attempts(*baseline, *request.clock, control, writer).measure(Point(point), results)) continue;
    } catch (...) {
      const std::exception_ptr cause = std::current_exception();
      MeasurementError error(fmt::format("baseline '{}' failed at the {} of the run: {}; rows kept: {}",
                                         baseline->name(), when, text_of(cause), point.index));
      error.set_cause(cause);
      throw error;
    }
    io::Document event = io::Document::object(
        {{"when", when}, {"name", baseline->name()}, {"timestamp_ns", point.timestamp.nanoseconds}});
    event["results"] = io::Document::object();
    for (const Row::Entry& entry : results) {
      event["results"][entry.key] = document_of_value(entry.value);
      if (!entry.value.unit().empty()) event["units"][entry.key] = entry.value.unit().label();
      if (entry.value.uncertainty() == entry.value.uncertainty()) {
        event["uncertainties"][entry.key] = entry.value.uncertainty();
      }
    }
    writer.event("baseline", event);
  }
}

}  // namespace wheatstone::session
