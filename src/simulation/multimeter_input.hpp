#pragma once
// What a meter's terminals do to the circuit, and what a reading of it comes to.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/instrument_model.hpp"
#include "simulation/noise.hpp"

namespace wheatstone::simulation {

/// A measuring function of a meter: its settings, its errors and its noise.
struct MeterFunction {
  enum class Kind : std::uint8_t {
    voltage_dc,
    voltage_ac,
    current_dc,
    current_ac,
    resistance,
    frequency,
    period,
    temperature,
    continuity,
    diode,
    capacitance,
    ratio
  };

  MeterFunction(const profile::Function& function, const Surroundings& surroundings);

  const profile::Function* data;
  Kind kind;
  std::vector<SystematicError> specimen;  ///< one a range, as parts of what the range's accuracy allows
  NoiseStream noise;
  ReadingCounter readings = {};
  // settings
  std::size_t range = 0;
  bool automatic = true;
  double nplc = 10;
  std::optional<double> aperture = {};  ///< seconds; overrides the power-line cycles
  bool autozero = true;
  bool high_impedance = false;
  bool null_enabled = false;
  bool takes_null = false;  ///< the next reading becomes the null value
  double null_value = 0;
  double bandwidth = 20;                     ///< the slowest signal that the AC filter expects, in hertz
  double gate = 0.1;                         ///< of frequency and period, in seconds
  std::optional<double> counted_range = {};  ///< volts; the counter's input range where it is fixed
  static constexpr double automatic_counted_range = 0.1;
  bool strong_terminal = false;  ///< 10 A instead of 3 A

  /// CONFigure's settings: autorange, 10 power-line cycles, autozero.
  void restore_defaults();
  [[nodiscard]] const profile::Range& present() const { return data->quantity.ranges[range]; }
  /// Integration time in seconds.
  [[nodiscard]] double integration(double line_frequency) const { return aperture ? *aperture : nplc / line_frequency; }
  /// How wrong the present range reads a signal of that frequency; 0 where the frequency is not known.
  [[nodiscard]] SystematicError error_at(double hertz) const;
  /// The smallest range that holds a value; the largest where none does.
  [[nodiscard]] std::size_t range_holding(double value) const;
  /// Fixes the range that holds a value; the largest of a current function is that of the 10 A terminal.
  void select_range(double value);
  /// The 10 A terminal has one range, the other terminal all but that.
  void keep_to_terminal();
  [[nodiscard]] std::size_t last_range() const;
  /// How long the AC filter looks at a signal, in seconds.
  [[nodiscard]] double filter_seconds() const;
  /// Resolution in the function's unit; 0 where the function has none.
  [[nodiscard]] double resolution() const;
  /// The fewest power-line cycles that resolve so much.
  void set_resolution(double wanted);
  /// Whether a value makes autorange leave the present range (Truevolt guide p.221: above 120 %, below 10 %); goes
  /// there.
  bool follow(double value);
};

/// Standard deviation of one reading in the function's unit; falls with the square root of the integration time.
[[nodiscard]] double noise_deviation(const MeterFunction& function, double integration, double line_frequency,
                                     double at_ten_cycles);

/// The terminals of a meter on their node: 10 MOhm (or more than 10 GOhm) across it for voltages, a shunt in the
/// supply's line for currents, nothing for what the meter drives itself.
class MeterInput {
 public:
  explicit MeterInput(const Surroundings& surroundings);

  void connect(const MeterFunction& function, std::int64_t at);

  /// What stands at the terminals, averaged from `from` to `to`, before the meter's own errors. Infinity where the
  /// meter cannot find a value: open terminals, a voltage where it drives its own current.
  [[nodiscard]] double quantity(MeterFunction::Kind kind, std::int64_t from, std::int64_t to) const;
  /// Hertz, counted at an input of that voltage range; 0 where there is nothing to count.
  [[nodiscard]] double counted(std::int64_t from, std::int64_t to, double range) const;
  /// At one instant, for choosing a range.
  [[nodiscard]] double quantity(MeterFunction::Kind kind, std::int64_t at) const { return quantity(kind, at, at); }

 private:
  [[nodiscard]] double alternating(const NodeTrace& trace, std::int64_t from, std::int64_t to, bool current) const;
  [[nodiscard]] double frequency(const NodeTrace& trace, std::int64_t from, std::int64_t to, double least) const;
  [[nodiscard]] double resistance(const NodeTrace& trace, std::int64_t at) const;

  [[nodiscard]] double path_of(double full_scale) const;

  const profile::Profile* profile_;
  Circuit* circuit_;
  std::size_t node_;
  double conductance_ = 0;
  double path_ = 0;
};

}  // namespace wheatstone::simulation
