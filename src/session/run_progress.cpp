#include "session/run_progress.hpp"

#include <algorithm>
#include <utility>

namespace wheatstone::session {

void RunProgress::reset() {
  state.store(RunState::preparing);
  done.store(0);
  total.store(UINT64_MAX);
  started.store(0);
  ended_.store(0);
  work.store(0);
  const std::scoped_lock lock(mutex_);
  works_.clear();
  parameters_.clear();
  reason_.clear();
  sample_count_ = 0;
}

void RunProgress::name_works(std::vector<std::string> works) {
  const std::scoped_lock lock(mutex_);
  works_ = std::move(works);
}

void RunProgress::sample(std::int64_t now, const Point::Data& point) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  if (parameters_.size() != point.names.size()) {
    parameters_.clear();
    for (const std::string& name : point.names) parameters_.push_back({name, {}});
  }
  for (std::size_t k = 0; k < point.values.size(); ++k) parameters_[k].value = point.values[k];
  keep({.at = now, .done = done.load(std::memory_order_relaxed)});
}

// The newest sample always counts; those before it are kept at distances that make the ring span seconds.
void RunProgress::keep(Sample sample) {
  const bool spread = sample_count_ < 2 || samples_[(sample_count_ - 1) % k_sample_count].at -
                                                   samples_[(sample_count_ - 2) % k_sample_count].at >=
                                               k_between_samples;
  if (!spread) --sample_count_;
  samples_[sample_count_ % k_sample_count] = sample;
  ++sample_count_;
}

void RunProgress::hold(RunState how, std::string reason) {
  state.store(how);
  const std::scoped_lock lock(mutex_);
  reason_ = std::move(reason);
}

void RunProgress::go_on() {
  state.store(RunState::running);
  const std::scoped_lock lock(mutex_);
  reason_.clear();
  sample_count_ = 0;
}

void RunProgress::end(std::int64_t monotonic) {
  ended_.store(monotonic);
  const std::scoped_lock lock(mutex_);
  reason_.clear();
}

double RunProgress::rate(std::int64_t now) const {
  if (sample_count_ < 2) return 0;
  const Sample& last = samples_[(sample_count_ - 1) % k_sample_count];
  const Sample& first = samples_[(sample_count_ - std::min(sample_count_, k_sample_count)) % k_sample_count];
  if (last.at <= first.at || last.done <= first.done) return 0;
  const auto points = static_cast<double>(last.done - first.done);
  const auto span = static_cast<double>(last.at - first.at);
  const auto since = static_cast<double>(now - last.at);
  // A point that takes much longer than those before it slows the rate while it is waited for.
  const bool stalled = since > static_cast<double>(k_between_samples) && since > 2 * span / points;
  return points / ((stalled ? span + since : span) * 1e-9);
}

Progress RunProgress::snapshot(const base::Clock& clock, bool ending) const {
  Progress progress{.state = state.load(), .done = done.load()};
  if (const std::uint64_t known = total.load(); known != UINT64_MAX) progress.total = known;
  if (const std::int64_t from = started.load(); from != 0) {
    const std::int64_t ended = ended_.load();
    progress.elapsed = std::chrono::nanoseconds((ended != 0 ? ended : clock.monotonic()) - from);
  }
  const std::scoped_lock lock(mutex_);
  progress.parameters = parameters_;
  progress.reason = reason_;
  if (ending && progress.state == RunState::running) {
    progress.state = RunState::stopping;
    const std::size_t at = work.load(std::memory_order_relaxed);
    if (at > 0 && at < works_.size()) progress.reason = "waiting for " + works_[at] + " to return";
  }
  progress.rate = rate(progress.state == RunState::running ? clock.boottime() : INT64_MIN / 2);
  if (progress.rate > 0 && progress.total && *progress.total >= progress.done) {
    progress.remaining =
        Duration::from_seconds(std::min(static_cast<double>(*progress.total - progress.done) / progress.rate, 9e9));
  }
  return progress;
}

}  // namespace wheatstone::session
