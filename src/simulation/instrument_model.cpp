#include "simulation/instrument_model.hpp"

#include "simulation/electronic_load_model.hpp"
#include "simulation/multimeter_model.hpp"
#include "simulation/oscilloscope_model.hpp"
#include "simulation/power_supply_model.hpp"

namespace wheatstone::simulation {
namespace {

/// An instrument without physics: it keeps its plain settings.
class PlainModel final : public InstrumentModel {
 public:
  void bind(CommandActions&) override {}
  void reset(std::int64_t, PlainSettings&) override {}
};

}  // namespace

std::unique_ptr<InstrumentModel> make_model(Surroundings surroundings) {
  switch (surroundings.profile->kind) {
    case profile::InstrumentKind::power_supply:
      return std::make_unique<PowerSupplyModel>(std::move(surroundings));
    case profile::InstrumentKind::multimeter:
      return std::make_unique<MultimeterModel>(std::move(surroundings));
    case profile::InstrumentKind::electronic_load:
      return std::make_unique<ElectronicLoadModel>(std::move(surroundings));
    case profile::InstrumentKind::oscilloscope:
      return std::make_unique<OscilloscopeModel>(std::move(surroundings));
    default:
      return std::make_unique<PlainModel>();
  }
}

}  // namespace wheatstone::simulation
