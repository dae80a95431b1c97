#include "procedure/dry_run_recorder.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "plan/text.hpp"

namespace wheatstone::procedure {

transport::Tap DryRunRecorder::tap(const std::string& alias) {
  return [this, alias](transport::Direction direction, std::string_view message) {
    std::string text;
    switch (direction) {
      case transport::Direction::read:
        return;
      case transport::Direction::written:
        text = message;
        break;
      case transport::Direction::cleared:
        text = "(device clear)";
        break;
      case transport::Direction::triggered:
        text = "(trigger)";
        break;
    }
    const std::scoped_lock lock(mutex_);
    if (!run_.steps.empty()) run_.steps.back().messages.push_back({alias, std::move(text)});
  };
}

Watch DryRunRecorder::watch(const base::Clock& clock, std::function<void()> stop) {
  clock_ = &clock;
  start_ = clock.monotonic();
  stop_ = std::move(stop);
  return {.point = [this](const Point& point) { at_point(point); },
          .leaving = [this] { begin(DryRunStep::Kind::leave); }};
}

void DryRunRecorder::begin(DryRunStep::Kind kind) {
  const std::scoped_lock lock(mutex_);
  run_.steps.push_back({.kind = kind});
}

void DryRunRecorder::at_point(const Point& point) {
  {
    const std::scoped_lock lock(mutex_);
    const DryRunStep& last = run_.steps.back();
    if (last.kind == DryRunStep::Kind::point && last.index == point.index()) return;
    DryRunStep step{.kind = DryRunStep::Kind::point, .index = point.index()};
    step.at = std::chrono::nanoseconds(clock_->monotonic() - start_);
    const Point::Data& data = point.data();
    for (std::size_t i = 0; i < data.names.size(); ++i) step.parameters.push_back({data.names[i], data.values[i]});
    run_.steps.push_back(std::move(step));
    ++run_.points;
  }
  if (point.index() + 1 >= most_points_) stop_();
}

DryRun DryRunRecorder::take() {
  const std::scoped_lock lock(mutex_);
  return std::move(run_);
}

}  // namespace wheatstone::procedure

namespace wheatstone {
inline namespace v1 {
namespace {

std::string title_of(const DryRunStep& step) {
  constexpr std::array<std::string_view, 5> k_titles = {"connect", "prepare", "point", "leave", "close"};
  std::string title(k_titles[static_cast<std::size_t>(step.kind)]);
  if (step.kind != DryRunStep::Kind::point) return title;
  title += fmt::format(" {} at {:.12g} s", step.index, step.at.seconds());
  for (const Row::Entry& parameter : step.parameters) {
    title += fmt::format("  {} = {}", parameter.key, plan::text_of(parameter.value));
  }
  return title;
}

}  // namespace

std::string DryRun::text() const {
  std::size_t width = 0;
  for (const DryRunStep& step : steps) {
    for (const DryRunMessage& message : step.messages) width = std::max(width, message.instrument.size());
  }
  std::string text;
  for (const DryRunStep& step : steps) {
    if (step.messages.empty() && step.kind != DryRunStep::Kind::point) continue;
    text += title_of(step) + "\n";
    for (const DryRunMessage& message : step.messages) {
      text += fmt::format("  {:<{}}  {}\n", message.instrument, width, base::excerpt(message.text, 2000));
    }
  }
  text += fmt::format("{} point{}{}; nothing was sent to a real instrument", points, points == 1 ? "" : "s",
                      complete ? "" : ", and there are more");
  return text;
}

}  // namespace v1
}  // namespace wheatstone
