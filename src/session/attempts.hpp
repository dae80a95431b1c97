#pragma once
// One acquisition at one point, with all that its options ask for.

#include <optional>
#include <string>
#include <wheatstone/binding.hpp>
#include <wheatstone/point.hpp>
#include <wheatstone/row.hpp>

#include "base/clock.hpp"
#include "session/averages.hpp"
#include "session/run_control.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Calls an acquisition as often as its samples and retries say. One thread at a time.
class Attempts {
 public:
  Attempts(binding::Acquisition& acquisition, base::Clock& clock, RunControl& control, storage::RunWriter& writer)
      : acquisition_(acquisition), clock_(clock), control_(control), writer_(writer) {}

  /// Measures into `out`. Returns the error's text where all attempts failed and the row is to be kept; throws where it
  /// is not. An abort ends everything at once.
  std::optional<std::string> measure(const Point& point, Row& out);

  /// The same with a single sample, for what is looked at and not kept.
  std::optional<std::string> look(const Point& point, Row& out);

 private:
  std::optional<std::string> skipping_failure(const Point& point, Row& out, void (Attempts::*work)(const Point&, Row&));
  void measure_samples(const Point& point, Row& out);
  void measure_with_retries(const Point& point, Row& out);
  [[nodiscard]] bool worth_another(const std::exception_ptr& error) const;
  void wait_before(std::uint32_t retry);

  binding::Acquisition& acquisition_;
  base::Clock& clock_;
  RunControl& control_;
  storage::RunWriter& writer_;
  Averages averages_;
};

}  // namespace wheatstone::session
