#pragma once
// Physics and commands of an electronic load.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "simulation/instrument_model.hpp"
#include "simulation/noise.hpp"

namespace wheatstone::simulation {

/// Inputs in constant current, voltage, resistance or power, with ranges, slew, a transient generator and latching
/// protections. Levels of modes that are not selected are kept, not applied.
class ElectronicLoadModel final : public InstrumentModel {
 public:
  explicit ElectronicLoadModel(Surroundings surroundings);

  void bind(CommandActions& actions) override;
  void reset(std::int64_t at, PlainSettings& settings) override;
  void update(std::int64_t at, StatusModel& status) override;
  void trigger(Exchange& exchange) override;

 private:
  /// One mode's set-points.
  struct Regulation {
    const profile::Quantity* data = nullptr;
    std::vector<SystematicError> programming;  // one a range
    std::vector<SystematicError> readback;
    std::size_t range = 0;
    double level = 0;
    double transient = 0;
    double triggered = 0;

    [[nodiscard]] const profile::Range& present() const { return data->ranges[range]; }
    /// What the hardware makes of a level in the present range.
    [[nodiscard]] double true_level(double wanted) const;
    void clip_to_range();
  };
  static constexpr std::array<const char*, 4> k_quantities = {"current", "voltage", "resistance",
                                                              "power"};  // as LoadMode

  struct Input {
    int number = 1;
    Circuit::Place place;
    std::array<Regulation, 4> regulations;
    NoiseStream noise;
    ReadingCounter readings = {};
    LoadMode mode = LoadMode::current;
    bool on = false;
    bool shorted = false;
    bool armed = false;    // INITiate:TRANsient
    bool toggled = false;  // of the toggling transient
    LoadTransient transient;
    bool acquires = false;      // INITiate:ACQuire: waits for its trigger
    std::int64_t acquired = 0;  // when the last array began

    [[nodiscard]] Regulation& present() { return regulations[static_cast<std::size_t>(mode)]; }
  };

  [[nodiscard]] Input make_input(const profile::Channel& channel, std::size_t node, std::int64_t at) const;
  [[nodiscard]] Input& input(int channel);
  void apply(Input& input, const PlainSettings& settings, std::int64_t at, bool clear_protection);
  void apply(Input& input, const Exchange& exchange) { apply(input, exchange.settings(), exchange.now(), false); }
  [[nodiscard]] double slew_of(const Input& input, const PlainSettings& settings, bool rising) const;
  [[nodiscard]] double setting(const PlainSettings& settings, std::string_view id, int channel, double otherwise) const;
  void fire(Exchange& exchange, Input& input);
  struct Measured {
    double voltage = 0;
    double current = 0;
  };
  [[nodiscard]] Measured measure(Input& input, double voltage, double current);

  // electronic_load_commands.cpp
  using Member = double Regulation::*;
  void bind_levels(CommandActions& actions, std::size_t quantity);
  void bind_level(CommandActions& actions, std::size_t quantity, const std::string& id, Member member);
  void bind_input(CommandActions& actions);
  void bind_transient(CommandActions& actions);
  void bind_measurements(CommandActions& actions);
  void answer_array(Exchange& exchange, std::size_t quantity);
  void bind_wiring(CommandActions& actions);
  void bind_acquisition(CommandActions& actions);
  void acquire(Exchange& exchange, Input& input);
  [[nodiscard]] std::int64_t reading_time(const Exchange& exchange);
  [[nodiscard]] std::int64_t sweep_nanoseconds(const Exchange& exchange, int channel) const;

  // constant after construction
  Surroundings surroundings_;
  std::int64_t measuring_time_;
  // guarded by the instrument
  std::vector<Input> inputs_;
};

}  // namespace wheatstone::simulation
