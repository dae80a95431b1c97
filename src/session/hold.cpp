#include "session/hold.hpp"

namespace wheatstone::session {

Hold::Hold(const std::vector<SuspensionDefinition>& conditions, base::Clock& clock, RunControl& control,
           RunProgress& progress, Suspension::Teller tell)
    : suspension_(conditions, clock, control, progress, tell),
      clock_(clock),
      control_(control),
      progress_(progress),
      tell_(std::move(tell)) {}

bool Hold::wait(Point::Data& next) {
  next.index = progress_.done.load(std::memory_order_relaxed);
  do {
    if (!stepping_ && control_.paused()) wait_while_paused();
    if (control_.end() != RunControl::End::none) return false;
  } while (suspension_.any() && wait_while_suspended(next));
  return control_.end() == RunControl::End::none;
}

bool Hold::wait_while_suspended(Point::Data& next) {
  const bool held = suspension_.wait_while_held(Point(next));
  held_ = held_ || held;
  return held;
}

void Hold::wait_while_paused() {
  held_ = true;
  const std::int64_t since = clock_.monotonic();
  progress_.hold(RunState::paused, {});
  tell_("paused", {});
  clock_.leave();
  const RunControl::Left left = control_.wait_while_paused();
  clock_.join();
  stepping_ = left == RunControl::Left::for_a_step;
  io::Document details = io::Document::object({{"duration_s", static_cast<double>(clock_.monotonic() - since) * 1e-9}});
  if (stepping_) details["step"] = true;
  tell_("resumed", details);
  progress_.go_on();
}

}  // namespace wheatstone::session
