#pragma once
// Failures of a link, told by who met them.

#include <wheatstone/error.hpp>

namespace wheatstone::instrument {

/// Rethrows the wheatstone::Error in hand with `context` added. What a link says knows neither instrument nor command:
/// a ConnectionError, CommunicationError or TimeoutError that names no instrument yet becomes "psu: 'VOLT?' to
/// TCPIP0::psu::5025::SOCKET failed: The connection broke while reading". REQUIRES: called while one is handled.
[[noreturn]] void rethrow_named(const ErrorContext& context);

}  // namespace wheatstone::instrument
