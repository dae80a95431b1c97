#pragma once
// From a profile and a transport to a driver.

#include <memory>
#include <string>
#include <string_view>
#include <wheatstone/instrument.hpp>

#include "instrument/conversation.hpp"

namespace wheatstone::instrument {

/// The driver for the profile's kind, its conversation opened: identity checked, a stale error queue drained into its
/// connection notes. Throws ConfigurationError where the instrument is another one, and what talking throws.
[[nodiscard]] std::unique_ptr<Instrument> make_instrument(Connection connection);
[[nodiscard]] std::unique_ptr<Instrument> make_instrument(std::string alias, profile::ProfilePointer profile,
                                                          std::unique_ptr<transport::Transport> transport,
                                                          base::Clock& clock);

}  // namespace wheatstone::instrument
