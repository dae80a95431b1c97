#pragma once
// Physics and commands of a power supply.

#include <vector>

#include "simulation/instrument_model.hpp"
#include "simulation/noise.hpp"

namespace wheatstone::simulation {

/// Outputs with constant-voltage and constant-current cross-over, latching protections, programming and read-back
/// errors. What stands on an output's node is the circuit's; the model keeps what was programmed.
class PowerSupplyModel final : public InstrumentModel {
 public:
  explicit PowerSupplyModel(Surroundings surroundings);

  void bind(CommandActions& actions) override;
  void reset(std::int64_t at, PlainSettings& settings) override;
  void update(std::int64_t at, StatusModel& status) override;
  void trigger(Exchange& exchange) override;

 private:
  struct Output {
    int number = 1;
    Circuit::Place place;
    const profile::Quantity* voltage_data = nullptr;
    const profile::Quantity* current_data = nullptr;
    SystematicError voltage_programming, current_programming, voltage_readback, current_readback;
    NoiseStream noise;
    ReadingCounter readings = {};
    // as programmed
    double voltage = 0;
    double current = 0;
    bool on = false;
    double protection_voltage = 0;
    bool protects_voltage = false;
    bool protects_current = false;
    bool armed = false;  ///< INITiate: waits for its trigger
    RegisterGroup status;
  };

  using Change = std::function<void(Output&)>;

  [[nodiscard]] Output make_output(const profile::Channel& channel, std::size_t node, std::int64_t at) const;
  [[nodiscard]] SourceDynamics make_dynamics(const profile::Channel& channel) const;
  [[nodiscard]] Output& output(int channel);
  /// The channels addressed, and those that follow them: outputs 2 and 3 when they track.
  [[nodiscard]] std::vector<int> concerned(const Exchange& exchange) const;
  void change(Exchange& exchange, const Change& change);
  void apply(Output& output, const Exchange& exchange, bool clear_protection);
  void apply(Output& output, const PlainSettings& settings, std::int64_t at, bool clear_protection);
  void bind_set_points(CommandActions& actions);
  void bind_output(CommandActions& actions);
  void bind_wiring(CommandActions& actions);
  void bind_protection(CommandActions& actions);
  void bind_triggers(CommandActions& actions);
  void bind_status(CommandActions& actions);
  void fire(Exchange& exchange, Output& output);
  [[nodiscard]] bool is_tripped(const Output& output, std::int64_t at, unsigned bits) const;
  void measure(Exchange& exchange, bool current);
  [[nodiscard]] double read_back(Output& output, std::int64_t at, bool current);

  // constant after construction
  Surroundings surroundings_;
  std::int64_t measuring_time_;
  // guarded by the instrument
  std::vector<Output> outputs_;
  bool tracks_ = false;  ///< outputs 2 and 3 follow each other
  RegisterGroup instrument_summary_;
};

}  // namespace wheatstone::simulation
