#pragma once
// What calls an acquisition in a timed run in place of an interval.

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace wheatstone {
inline namespace v1 {

class Instrument;

/// When an acquisition is called that is not on a grid: each time that a callable says so, or that an instrument
/// requests service. Empty: never mind.
///
/// A callable is asked by the thread that runs the session, while it waits, every AcquisitionOptions::poll; each true
/// is one call. What it throws ends the run. It should return at once: while it runs, nothing is measured and only the
/// callable itself can end its wait.
///
/// An instrument requests service where its status byte has bit 6 set, as its *SRE register (IEEE 488.2, 11.3) allows.
/// Where the link tells of that by itself, each request is one call, and those that come while others are served are
/// missed slots. Where it cannot (a raw socket), the status byte is asked for every AcquisitionOptions::poll, and the
/// acquisition is called for as long as the bit is set: it has to take away the cause, by reading what is ready or
/// *ESR?.
class Trigger {
 public:
  Trigger() = default;

  template <class F>
    requires(std::is_invocable_r_v<bool, std::decay_t<F>&> && !std::derived_from<std::decay_t<F>, Trigger>)
  Trigger(F&& ready) : ready_(std::forward<F>(ready)) {}  // NOLINT: implicit by design

  /// REQUIRES: the instrument outlives the runs.
  Trigger(Instrument& instrument) : instrument_(&instrument) {}  // NOLINT: implicit by design

  explicit operator bool() const { return ready_ != nullptr || instrument_ != nullptr; }

  [[nodiscard]] const std::function<bool()>& ready() const { return ready_; }
  [[nodiscard]] Instrument* instrument() const { return instrument_; }

 private:
  std::function<bool()> ready_;
  Instrument* instrument_ = nullptr;
};

}  // namespace v1
}  // namespace wheatstone
