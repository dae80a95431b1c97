#include "session/attempts.hpp"

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/revocation.hpp"
#include "session/exit_steps.hpp"

namespace wheatstone::session {

std::optional<std::string> Attempts::measure(const Point& point, Row& out) {
  return skipping_failure(point, out, &Attempts::measure_samples);
}

std::optional<std::string> Attempts::look(const Point& point, Row& out) {
  return skipping_failure(point, out, &Attempts::measure_with_retries);
}

std::optional<std::string> Attempts::skipping_failure(const Point& point, Row& out,
                                                      void (Attempts::*work)(const Point&, Row&)) {
  try {
    (this->*work)(point, out);
    return std::nullopt;
  } catch (...) {
    if (base::thread_is_revoked()) throw;  // let go of: nothing of the run's may be touched
    const std::exception_ptr error = std::current_exception();
    const bool skip = acquisition_.options().on_error == OnError::skip && acquisition_.is_failure(error) &&
                      control_.end() != RunControl::End::abort;
    if (!skip) throw;
    out.clear();
    std::string text = text_of(error);
    writer_.event("skipped", io::Document::object(
                                 {{"acquisition", acquisition_.name()}, {"index", point.index()}, {"error", text}}));
    return text;
  }
}

void Attempts::measure_samples(const Point& point, Row& out) {
  const std::uint32_t samples = acquisition_.options().samples;
  if (samples <= 1) return measure_with_retries(point, out);
  averages_.clear();
  Row sample;
  for (std::uint32_t i = 0; i < samples; ++i) {
    measure_with_retries(point, sample);
    averages_.add(sample);
  }
  out = averages_.result();
}

void Attempts::measure_with_retries(const Point& point, Row& out) {
  for (std::uint32_t retry = 0;; ++retry) {
    try {
      acquisition_.measure(point, out);
      if (base::thread_is_revoked()) throw Interrupted("the run has let go of this acquisition");
      return;
    } catch (...) {
      if (base::thread_is_revoked()) throw;
      const std::exception_ptr error = std::current_exception();
      if (retry >= acquisition_.options().retries || !worth_another(error)) throw;
      writer_.event("retry", io::Document::object({{"acquisition", acquisition_.name()},
                                                   {"index", point.index()},
                                                   {"attempt", retry + 1},
                                                   {"error", text_of(error)}}));
    }
    wait_before(retry);
    if (control_.end() == RunControl::End::abort) throw Interrupted("the run was aborted between two attempts");
  }
}

bool Attempts::worth_another(const std::exception_ptr& error) const {
  if (control_.end() == RunControl::End::abort || !acquisition_.is_failure(error)) return false;
  return acquisition_.may_retry(error);
}

void Attempts::wait_before(std::uint32_t retry) {
  constexpr std::int64_t k_longest = 3'600'000'000'000;
  std::int64_t wait = acquisition_.options().backoff.nanoseconds();
  if (wait <= 0) return;
  for (std::uint32_t i = 0; i < retry && wait < k_longest; ++i) wait *= 2;
  clock_.wait_until(clock_.monotonic() + std::min(wait, k_longest), control_.abort_token());
}

}  // namespace wheatstone::session
