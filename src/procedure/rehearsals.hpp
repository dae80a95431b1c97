#pragma once
// What a procedure is going to set, tried on every instrument before anything is sent.

#include <concepts>
#include <memory>
#include <string>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/session.hpp>

#include "instrument/rehearsal.hpp"

namespace wheatstone::procedure {

/// While it lives, nothing is sent to any instrument of the session, and what is set passes the drivers' checks and the
/// limits. One thread.
class Rehearsals {
 public:
  explicit Rehearsals(MeasurementSession& session);

  /// Throws what `work` is refused with, as the LimitError or ConfigurationError that it is, behind what `refused_at`
  /// says. What comes after a question, whose answer nobody knows, passes.
  template <std::invocable Place, std::invocable Work>
  void take(const Instrument& instrument, const Place& refused_at, const Work& work) {
    try {
      (void)of(instrument).passes(work);
    } catch (const LimitError& error) {
      throw LimitError(refused_at() + error.what(), error.context());
    } catch (const ConfigurationError& error) {
      throw ConfigurationError(refused_at() + error.what(), error.context());
    }
  }

  /// Something is done to it that is not rehearsed, such as a reset.
  void forget(const Instrument& instrument) { of(instrument).forget(); }

 private:
  [[nodiscard]] instrument::Rehearsal& of(const Instrument& instrument);

  std::vector<std::unique_ptr<instrument::Rehearsal>> each_;
};

}  // namespace wheatstone::procedure
