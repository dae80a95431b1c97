#pragma once
// What drivers of all kinds share: a reading with the uncertainty of its range, and channels that are not there.

#include <span>
#include <string_view>
#include <wheatstone/reading.hpp>

#include "instrument/conversation.hpp"

namespace wheatstone::instrument {

/// The standard uncertainty of a reading; NaN where the profile gives no accuracy, or the reading is none.
[[nodiscard]] double uncertainty_of(double value, const profile::Range& range);

/// Asks, and reads the answer as a quantity whose range follows from the value.
[[nodiscard]] Reading measured(Conversation& talk, const profile::Command& command, std::span<const int> channels,
                               const profile::Quantity* quantity, std::string_view name, Unit unit);

/// Throws ConfigurationError that names the channels there are.
[[noreturn]] void throw_no_channel(const Conversation& talk, int channel);

/// Under the lock: whether something is on that was turned on through this conversation.
[[nodiscard]] bool is_anything_on(Conversation& talk);

}  // namespace wheatstone::instrument
