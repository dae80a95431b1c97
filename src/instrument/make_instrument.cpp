#include "instrument/make_instrument.hpp"

#include <wheatstone/electronic_load.hpp>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/oscilloscope.hpp>
#include <wheatstone/power_supply.hpp>

namespace wheatstone::instrument {
namespace {

/// Anything that speaks SCPI: what every instrument offers, and no more.
class AnyInstrument final : public Instrument {
 public:
  using Instrument::Instrument;
  explicit AnyInstrument(std::unique_ptr<Conversation> conversation) : Instrument(std::move(conversation)) {}
};

}  // namespace

std::unique_ptr<Instrument> make_instrument(Connection connection) {
  auto talk = std::make_unique<Conversation>(std::move(connection));
  talk->open();
  switch (talk->profile().kind) {
    case profile::InstrumentKind::power_supply:
      return std::make_unique<PowerSupply>(std::move(talk));
    case profile::InstrumentKind::multimeter:
      return std::make_unique<Multimeter>(std::move(talk));
    case profile::InstrumentKind::oscilloscope:
      return std::make_unique<Oscilloscope>(std::move(talk));
    case profile::InstrumentKind::electronic_load:
      return std::make_unique<ElectronicLoad>(std::move(talk));
    case profile::InstrumentKind::generic:
      break;
  }
  return std::make_unique<AnyInstrument>(std::move(talk));
}

std::unique_ptr<Instrument> make_instrument(std::string alias, profile::ProfilePointer profile,
                                            std::unique_ptr<transport::Transport> transport, base::Clock& clock) {
  Connection connection;
  connection.alias = std::move(alias);
  connection.profile = std::move(profile);
  connection.transport = std::move(transport);
  connection.clock = &clock;
  return make_instrument(std::move(connection));
}

}  // namespace wheatstone::instrument
