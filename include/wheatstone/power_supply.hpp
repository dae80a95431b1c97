#pragma once
// A power supply with one or more outputs.

#include <optional>
#include <span>
#include <wheatstone/instrument.hpp>

namespace wheatstone {
inline namespace v1 {

class PowerSupply;

/// What one output is set to, as the instrument itself answered.
struct SupplySettings {
  int channel = 0;
  double voltage = 0;        ///< V
  double current_limit = 0;  ///< A
  bool output = false;
};

/// What to set of one output; what is unset stays.
struct SupplySetPoints {
  std::optional<double> voltage = {};        ///< V
  std::optional<double> current_limit = {};  ///< A
};

/// One output of a supply. As small as a pointer and a number; setters return it, so that calls chain.
/// REQUIRES: the supply outlives it.
class WHEATSTONE_API SupplyChannel {
 public:
  [[nodiscard]] int number() const noexcept { return channel_; }

  /// Both are checked before either is sent; both travel in one message, the current limit first.
  SupplyChannel set(SupplySetPoints set_points) const;
  SupplyChannel set(double voltage, double current_limit) const;
  SupplyChannel set_voltage(double volts) const;
  SupplyChannel set_current_limit(double amperes) const;
  SupplyChannel on() const;
  SupplyChannel off() const;
  SupplyChannel enable() const { return on(); }
  SupplyChannel disable() const { return off(); }

  /// What the supply measures at its output; get_ and measure_ are the same.
  [[nodiscard]] Reading measure_voltage() const;
  [[nodiscard]] Reading measure_current() const;
  [[nodiscard]] Reading get_voltage() const { return measure_voltage(); }
  [[nodiscard]] Reading get_current() const { return measure_current(); }
  [[nodiscard]] bool get_output_state() const;
  /// What it is set to.
  [[nodiscard]] double voltage_setpoint() const;
  [[nodiscard]] double current_limit_setpoint() const;
  [[nodiscard]] SupplySettings settings() const;

  /// Over-voltage protection: the output goes off, and stays off, above that voltage. Setting the voltage enables it.
  SupplyChannel set_over_voltage_protection(double volts) const;
  SupplyChannel enable_over_voltage_protection(bool on = true) const;
  /// Over-current protection: the output goes off, and stays off, when the current limit is reached.
  SupplyChannel enable_over_current_protection(bool on = true) const;
  [[nodiscard]] bool is_over_voltage_tripped() const;
  [[nodiscard]] bool is_over_current_tripped() const;
  /// Clears both protections. Fails while the cause stands.
  SupplyChannel clear_protection() const;

 private:
  friend class PowerSupply;
  SupplyChannel(PowerSupply* supply, int channel) : supply_(supply), channel_(channel) {}
  PowerSupply* supply_;
  int channel_;
};

/// A power supply. Channels count from 1, as its profile lists them. Voltages in volts, currents in amperes. See
/// Instrument for threads and errors.
class WHEATSTONE_API PowerSupply : public Instrument {
 public:
  explicit PowerSupply(std::unique_ptr<instrument::Conversation> conversation);
  ~PowerSupply() override;

  [[nodiscard]] const std::vector<int>& channels() const;
  /// Throws ConfigurationError for a channel that the profile does not have.
  [[nodiscard]] SupplyChannel channel(int number);

  void set_voltage(int channel, double volts);
  void set_current(int channel, double amperes);
  void set_current_limit(int channel, double amperes) { set_current(channel, amperes); }
  void set(int channel, SupplySetPoints set_points);
  void output(int channel, bool on = true);
  /// Several outputs in one message where the model takes channel lists.
  void output(std::span<const int> channels, bool on = true);

  [[nodiscard]] Reading read_voltage(int channel);
  [[nodiscard]] Reading read_current(int channel);
  [[nodiscard]] Reading measure_voltage(int channel) { return read_voltage(channel); }
  [[nodiscard]] Reading measure_current(int channel) { return read_current(channel); }

  [[nodiscard]] double voltage_setpoint(int channel);
  [[nodiscard]] double current_limit_setpoint(int channel);
  [[nodiscard]] bool get_output_state(int channel);
  /// Set-points and state of every channel, asked of the instrument.
  [[nodiscard]] std::vector<SupplySettings> get_configuration();

  void set_over_voltage_protection(int channel, double volts);
  void enable_over_voltage_protection(int channel, bool on = true);
  void enable_over_current_protection(int channel, bool on = true);
  [[nodiscard]] bool is_over_voltage_tripped(int channel);
  [[nodiscard]] bool is_over_current_tripped(int channel);
  void clear_protection(int channel);

  /// The front panel's display.
  void display(bool on);

  void make_safe(Duration within = std::chrono::seconds(2)) override;
  [[nodiscard]] bool is_anything_on() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
