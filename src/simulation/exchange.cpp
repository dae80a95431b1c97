#include "simulation/exchange.hpp"

#include <utility>

namespace wheatstone::simulation {
namespace {
constexpr std::int64_t k_between_attempts = 1'000'000;
}

std::optional<double> Exchange::number(std::size_t place, int channel) const {
  if (!has(place)) return std::nullopt;
  return effective_number(*table_, match_->parameters()[place], match_->arguments[place], channel);
}

std::string_view Exchange::keyword(std::size_t place) const {
  if (!has(place) || match_->arguments[place].kind != profile::ArgumentKind::keyword) return {};
  return match_->parameters()[place].keywords[static_cast<std::size_t>(match_->arguments[place].keyword)].short_form();
}

std::string& Exchange::answer() {
  if (answered_) {
    *output_ += ',';
  } else if (!output_->empty()) {
    *output_ += ';';
  }
  answered_ = true;
  return *output_;
}

void Exchange::take(std::int64_t nanoseconds, Continuation then) {
  suspension_ = {now_ + nanoseconds, std::move(then), {}};
  if (time_->pace() != Pace::fast || skipping_) return;
  // A continuation that takes time again comes back here, so that a thousand readings in a row need no deeper stack.
  skipping_ = true;
  while (suspension_.then) {
    const Suspension due = std::exchange(suspension_, {});
    (void)time_->reach(due.due, due.due, {});  // a skip has no deadline
    now_ = due.due;
    due.then(*this);
  }
  skipping_ = false;
}

void Exchange::wait_for(Attempt attempt) {
  if (attempt(*this)) return;
  suspension_ = {time_->now() + k_between_attempts, {}, std::move(attempt)};
}

}  // namespace wheatstone::simulation
