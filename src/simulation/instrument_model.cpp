#include "simulation/instrument_model.hpp"

#include <algorithm>

#include "simulation/electronic_load_model.hpp"
#include "simulation/multimeter_model.hpp"
#include "simulation/oscilloscope_model.hpp"
#include "simulation/power_supply_model.hpp"

namespace wheatstone::simulation {
namespace {

/// An instrument without physics: it keeps its plain settings.
class PlainModel final : public InstrumentModel {
 public:
  void bind(CommandActions& actions) override { actions.keeps_the_rest(); }
  void reset(std::int64_t, PlainSettings&) override {}
};

}  // namespace

void CommandActions::keeps_the_rest() {
  for (Treatment& treatment : treatments_) {
    if (treatment == Treatment::unknown) treatment = Treatment::keeps;
  }
}

bool CommandActions::lacks(const profile::Command& command, std::string_view keyword) const {
  const auto same = [&](const auto& one) { return one.first == &command && one.second == keyword; };
  return !keyword.empty() && std::any_of(lacking_.begin(), lacking_.end(), same);
}

void CommandActions::refuse(std::string_view id) {
  refuse_unless(id, [](const Exchange& exchange) {
    if (!exchange.has(0)) return false;
    const PlainSettings& settings = exchange.settings();
    const bool by_channel = exchange.command().channels != profile::Channels::none;
    const int channel = by_channel ? exchange.channel() : 0;
    if (const auto number = exchange.number(0)) return *number == settings.number(exchange.command(), channel);
    return exchange.keyword(0) == settings.text(exchange.command(), channel);
  });
}

void CommandActions::refuse_unless(std::string_view id, std::function<bool(const Exchange&)> allowed) {
  bind(
      settings_, id,
      [allowed = std::move(allowed)](Exchange& exchange) {
        if (!allowed(exchange)) exchange.error(scpi::k_hardware_missing, "the simulated instrument lacks it");
      },
      Treatment::refuses);
}

void CommandActions::bind(std::vector<Action>& actions, std::string_view id, Action action,
                          std::optional<Treatment> treatment) {
  const profile::Command* command = table_->find(id);
  if (command == nullptr) return;
  actions[place(*command)] = std::move(action);
  if (treatment) treatments_[place(*command)] = *treatment;
}

void CommandActions::treat(std::initializer_list<std::string_view> ids, Treatment treatment) {
  for (const std::string_view id : ids) {
    if (const profile::Command* command = table_->find(id)) treatments_[place(*command)] = treatment;
  }
}

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
