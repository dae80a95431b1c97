#pragma once
// Physics and commands of a digital multimeter.

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/multimeter_input.hpp"

namespace wheatstone::simulation {

/// One input with the functions of the profile. A reading takes its integration time, twice that with autozero: the
/// zero is measured first, then the signal. Autorange measures again until the range fits.
class MultimeterModel final : public InstrumentModel {
 public:
  explicit MultimeterModel(Surroundings surroundings);

  void bind(CommandActions& actions) override;
  void reset(std::int64_t at, PlainSettings& settings) override;
  void update(std::int64_t at, StatusModel& status) override;
  void trigger(Exchange& exchange) override;
  void abort(std::int64_t at) override;
  [[nodiscard]] std::int64_t complete_at() const override;

 private:
  /// Welford's running moments of the readings (Technometrics 4, 1962).
  struct Statistics {
    std::uint64_t count = 0;
    double mean = 0;
    double squares = 0;
    double minimum = 0;
    double maximum = 0;

    void add(double value);
    [[nodiscard]] double deviation() const;
  };
  enum class TriggerSource : std::uint8_t { immediate, bus, external };

  // Readings (multimeter_model.cpp)
  void select(std::size_t function, std::int64_t at);
  void initiate(Exchange& exchange, std::int64_t at);
  void start_trigger(std::int64_t at);
  void begin_reading(std::int64_t at);
  void finish_readings(std::int64_t now);
  [[nodiscard]] double read_value(MeterFunction& function);
  [[nodiscard]] std::int64_t reading_time(const MeterFunction& function) const;
  [[nodiscard]] std::int64_t counting_time(const MeterFunction& function, std::int64_t at) const;
  [[nodiscard]] std::int64_t next_sample() const;
  void fetch(Exchange& exchange);
  [[nodiscard]] MeterFunction& present() { return functions_[selected_]; }

  // Commands (multimeter_commands.cpp)
  void bind_measuring(CommandActions& actions);
  void bind_triggers(CommandActions& actions);
  void bind_statistics(CommandActions& actions);
  void bind_function(CommandActions& actions, std::size_t index);
  void bind_settings(CommandActions& actions);
  void bind_signal(CommandActions& actions, std::size_t index);
  void bind_resolution(CommandActions& actions, std::size_t index);
  bool configure(Exchange& exchange, std::size_t index);
  [[nodiscard]] std::string configuration() const;

  // constant after construction
  Surroundings surroundings_;
  double line_frequency_;
  double noise_at_ten_cycles_;
  std::vector<scpi::Pattern> headers_;  // of the functions, as FUNCtion "VOLT:DC" names them
  // guarded by the instrument
  std::vector<MeterFunction> functions_;
  MeterInput input_;
  std::size_t selected_ = 0;
  TriggerSource trigger_source_ = TriggerSource::immediate;
  std::size_t sample_count_ = 1;
  std::size_t trigger_count_ = 1;
  double trigger_delay_ = 0;
  bool paced_ = false;  // SAMPle:SOURce TIMer: readings of a trigger begin sample_interval_ apart
  double sample_interval_ = 1;
  bool armed_ = false;  // initiated, waiting for a trigger
  std::size_t triggers_left_ = 0;
  std::size_t readings_left_ = 0;  // of the present trigger
  std::size_t attempts_ = 0;       // ranges tried for the present reading
  std::int64_t sample_begin_ = 0;  // of the present reading, ranging included
  std::int64_t reading_end_ = 0;
  std::vector<double> memory_;
  unsigned overloads_ = 0;  // questionable bits of the last reading
  bool counting_ = false;
  Statistics statistics_;
};

}  // namespace wheatstone::simulation
