#pragma once
// What a driver would send, checked and not sent.

#include <concepts>

#include "instrument/conversation.hpp"

namespace wheatstone::instrument {

/// While it lives, whatever is set on one instrument passes the driver's own checks and the gate, and nothing is sent.
/// Drivers remember meanwhile what was set, so that settings which depend on earlier ones are checked as they would be;
/// all of it is forgotten at the end. Holds the instrument's lock. One thread, at most one for an instrument.
/// REQUIRES: the conversation outlives it; no message that is no setting: a reset, a trigger, a clear.
class Rehearsal {
 public:
  explicit Rehearsal(Conversation& conversation);
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  [[nodiscard]] const Conversation& conversation() const { return conversation_; }

  /// Throws what `work` would be refused with. False where it came to a question, whose answer nobody knows: what it
  /// would have done after it is unknown.
  template <std::invocable Work>
  bool passes(Work&& work) {
    try {
      work();
      return true;
    } catch (const Conversation::Unanswered&) {
      return false;
    }
  }

  /// Something happens here that is not rehearsed, such as a reset: nothing is known any more of what was set.
  void forget() { conversation_.note_set_behind(); }

 private:
  Conversation& conversation_;
};

}  // namespace wheatstone::instrument
