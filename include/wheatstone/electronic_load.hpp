#pragma once
// A programmable electronic load.

#include <optional>
#include <wheatstone/instrument.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a load holds constant.
enum class LoadMode : std::uint8_t { constant_current, constant_voltage, constant_resistance, constant_power };
/// "CC", "CV", "CR", "CP".
[[nodiscard]] WHEATSTONE_API std::string_view name_of(LoadMode mode);
/// Also takes "constant_current", "current", "CURR" and their kin.
template <>
[[nodiscard]] WHEATSTONE_API LoadMode from_name<LoadMode>(std::string_view name);

/// How a load changes between its level and its transient level.
enum class TransientMode : std::uint8_t { continuous, pulse, toggle };
[[nodiscard]] WHEATSTONE_API std::string_view name_of(TransientMode mode);
template <>
[[nodiscard]] WHEATSTONE_API TransientMode from_name<TransientMode>(std::string_view name);

/// What of the transient system to set; what is unset stays.
struct TransientSettings {
  std::optional<TransientMode> mode = {};
  std::optional<double> level = {};        ///< the other level, in the unit of the load's mode
  std::optional<double> frequency = {};    ///< Hz, of the continuous mode
  std::optional<double> duty_cycle = {};   ///< percent, of the continuous mode
  std::optional<double> pulse_width = {};  ///< s, of the pulse mode
};

/// An electronic load with one or more inputs (channel 1 unless another is named). Currents in A, voltages in V,
/// resistances in Ohm, powers in W. See Instrument for threads and errors.
class WHEATSTONE_API ElectronicLoad : public Instrument {
 public:
  explicit ElectronicLoad(std::unique_ptr<instrument::Conversation> conversation);
  ~ElectronicLoad() override;

  [[nodiscard]] const std::vector<int>& channels() const;

  void set_mode(LoadMode mode, int channel = 1);
  void set_mode(std::string_view mode, int channel = 1) { set_mode(from_name<LoadMode>(mode), channel); }
  /// Asked of the instrument.
  [[nodiscard]] LoadMode mode(int channel = 1);

  /// The level of the mode that is selected: amperes in CC, volts in CV, ohms in CR, watts in CP.
  void set_load(double level, int channel = 1);
  /// The level of one mode, whichever is selected; a mode that is not selected keeps its level for later.
  void set_current(double amperes, int channel = 1);
  void set_voltage(double volts, int channel = 1);
  void set_resistance(double ohms, int channel = 1);
  void set_power(double watts, int channel = 1);
  /// The level of the mode that is selected, asked of the instrument.
  [[nodiscard]] double load_setpoint(int channel = 1);

  /// The smallest range of the selected mode that holds `level`.
  void set_range(double level, int channel = 1);
  [[nodiscard]] double range(int channel = 1);
  /// In the unit of the selected mode per second.
  void set_slew_rate(double rate, int channel = 1);

  void enable_input(bool on = true, int channel = 1);
  void disable_input(int channel = 1) { enable_input(false, channel); }
  [[nodiscard]] bool is_input_enabled(int channel = 1);
  /// The input as a short circuit, as well as the load can.
  void short_input(bool on = true, int channel = 1);

  /// Read in the range that was chosen for the quantity's level, whose accuracy is the reading's uncertainty; the range
  /// is asked of the instrument where it may have changed.
  [[nodiscard]] Reading measure_current(int channel = 1);
  [[nodiscard]] Reading measure_voltage(int channel = 1);
  [[nodiscard]] Reading measure_power(int channel = 1);

  void configure_transient(const TransientSettings& settings, int channel = 1);
  void set_transient_level(double level, int channel = 1);
  /// Starts changing between the levels: once, or until stop_transient().
  void start_transient(bool continuous = false, int channel = 1);
  void stop_transient(int channel = 1);

  /// Protections latch: the input goes off until clear_protection().
  void set_over_current_protection(double amperes, int channel = 1);
  void set_over_power_protection(double watts, int channel = 1);
  void set_over_voltage_protection(double volts, int channel = 1);
  void clear_protection(int channel = 1);

  void make_safe(Duration within = std::chrono::seconds(2)) override;
  [[nodiscard]] bool is_anything_on() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
