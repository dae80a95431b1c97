#pragma once
// Settings put back, through the profile's table and the one gate: what differs is sent, in an order that is safe, and
// read again until nothing differs.

#include <span>
#include <wheatstone/setting.hpp>

#include "instrument/conversation.hpp"

namespace wheatstone::instrument {

/// Sends nothing. Throws LimitError where a wanted set-point may not be sent.
void check_settings(Conversation& talk, std::span<const Setting> wanted);

/// Sets what differs. Where anything does, the instrument's switches go off first; none goes on. Takes `within` at
/// most, waiting for other threads included. Throws InstrumentError naming each setting that was refused or did not
/// stay.
void restore_settings(Conversation& talk, std::span<const Setting> wanted, Duration within, RestoreReport& report);

/// Turns on what `wanted` has on, or says in the report that it stays off.
void restore_switches(Conversation& talk, std::span<const Setting> wanted, const RestoreOptions& options,
                      RestoreReport& report);

}  // namespace wheatstone::instrument
