#include "instrument/rehearsal.hpp"

namespace wheatstone::instrument {

Rehearsal::Rehearsal(Conversation& conversation) : conversation_(conversation) {
  conversation_.lock();
  conversation_.rehearsing_ = true;
}

Rehearsal::~Rehearsal() {
  conversation_.rehearsing_ = false;
  conversation_.note_set_behind();
  conversation_.unlock();
}

}  // namespace wheatstone::instrument
