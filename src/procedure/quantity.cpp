#include "procedure/quantity.hpp"

#include <vector>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/oscilloscope.hpp>
#include <wheatstone/power_supply.hpp>

namespace wheatstone::procedure {

std::span<const Quantity> quantities_of(std::string_view kind) {
  if (kind == "power_supply") return power_supply_quantities();
  if (kind == "electronic_load") return electronic_load_quantities();
  if (kind == "multimeter") return multimeter_quantities();
  if (kind == "oscilloscope") return oscilloscope_quantities();
  return {};
}

std::vector<Action> actions_of(std::string_view kind) {
  std::vector<Action> actions = {
      {"reset", false, [](Instrument& i, int) { i.reset(); }},
      {"clear_status", false, [](Instrument& i, int) { i.clear_status(); }},
  };
  if (kind == "power_supply") {
    actions.push_back({"clear_protection", true,
                       [](Instrument& i, int channel) { static_cast<PowerSupply&>(i).clear_protection(channel); }});
  } else if (kind == "electronic_load") {
    actions.push_back({"clear_protection", true,
                       [](Instrument& i, int channel) { static_cast<ElectronicLoad&>(i).clear_protection(channel); }});
    actions.push_back({"start_transient", true, [](Instrument& i, int channel) {
                         static_cast<ElectronicLoad&>(i).start_transient(false, channel);
                       }});
    actions.push_back({"stop_transient", true,
                       [](Instrument& i, int channel) { static_cast<ElectronicLoad&>(i).stop_transient(channel); }});
  } else if (kind == "oscilloscope") {
    actions.push_back({"auto_scale", false, [](Instrument& i, int) { static_cast<Oscilloscope&>(i).auto_scale(); }});
    actions.push_back({"single", false, [](Instrument& i, int) { static_cast<Oscilloscope&>(i).single(); }});
    actions.push_back({"run", false, [](Instrument& i, int) { static_cast<Oscilloscope&>(i).run(); }});
    actions.push_back({"stop", false, [](Instrument& i, int) { static_cast<Oscilloscope&>(i).stop(); }});
  }
  return actions;
}

}  // namespace wheatstone::procedure
