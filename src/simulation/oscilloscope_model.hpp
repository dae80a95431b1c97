#pragma once
// Physics and commands of an oscilloscope.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/instrument_model.hpp"
#include "simulation/oscilloscope_capture.hpp"

namespace wheatstone::simulation {

/// Inputs with eight bits over eight divisions, a time base of ten, an edge trigger, and measurements computed from the
/// record. While it runs, a query works on the newest screen that is complete; stopped, on the last one.
class OscilloscopeModel final : public InstrumentModel {
 public:
  explicit OscilloscopeModel(Surroundings surroundings);

  void bind(CommandActions& actions) override;
  void reset(std::int64_t at, PlainSettings& settings) override;
  void update(std::int64_t at, StatusModel& status) override;
  void trigger(Exchange& exchange) override;
  void abort(std::int64_t at) override;
  [[nodiscard]] std::int64_t complete_at() const override { return 0; }

 private:
  enum class State : std::uint8_t { stopped, running, single };
  enum class Slope : std::uint8_t { positive, negative, either };

  struct Input {
    int number = 1;
    std::size_t node = 0;
    const profile::Channel* data = nullptr;
    NoiseStream noise;
    SystematicError unit_error;  // in (-1, 1): scaled by the limits of the present scale
    double scale = 5;            // as the user sees it, the probe's attenuation included
    double offset = 0;
    double probe = 10;
    double trigger_level = 0;
    bool displayed = false;
    bool inverts = false;
    bool removes_mean = false;
    bool limits_bandwidth = false;
    double skew = 0;
    double conductance = 0;  // what it puts across its node
  };

  /// What a signal goes through before its edges are looked for.
  struct TriggerPath {
    bool removes_mean = false;
    bool rejects_low = false;
    bool rejects_high = false;
    bool rejects_noise = false;
  };

  // oscilloscope_model.cpp: acquisition
  void restart(std::int64_t at);
  void advance(std::int64_t now);
  void capture(std::int64_t trigger);
  void capture_newest(std::int64_t now);
  [[nodiscard]] std::optional<std::int64_t> find_trigger(std::int64_t from, std::int64_t to) const;
  [[nodiscard]] std::optional<std::int64_t> find_last_trigger(std::int64_t from, std::int64_t to) const;
  [[nodiscard]] std::optional<std::int64_t> crossing(const NodeTrace& trace, std::int64_t from, std::int64_t to,
                                                     double level, double hysteresis) const;
  [[nodiscard]] double hysteresis(const Input& input) const;
  [[nodiscard]] std::int64_t trigger_from() const { return std::max(ready(), last_trigger_ + holdoff_); }
  [[nodiscard]] CaptureInput capture_input(const Input& input) const;
  [[nodiscard]] double noise_of(const Input& input) const;
  void connect(Input& input, std::int64_t at);
  [[nodiscard]] double left() const;  // seconds from the trigger to the left edge
  [[nodiscard]] double length() const { return 10 * timebase_scale_; }
  [[nodiscard]] std::int64_t before() const;  // nanoseconds of the screen before the trigger
  [[nodiscard]] std::int64_t after() const;
  [[nodiscard]] std::int64_t ready() const { return since_ + before(); }
  [[nodiscard]] bool shows_many() const;
  [[nodiscard]] double converter_rate() const;
  [[nodiscard]] double sample_rate() const;
  [[nodiscard]] std::size_t acquired_points() const;
  /// Runs `then` when the acquisition under way has ended, if it ends by itself.
  void when_complete(Exchange& exchange, Exchange::Continuation then);
  void digitize(Exchange& exchange);
  void autoscale(Exchange& exchange);
  [[nodiscard]] double figure_of(std::string_view name, double otherwise) const {
    return surroundings_.profile->find_figure(name).value_or(otherwise);
  }

  // oscilloscope_commands.cpp: settings
  using Number = double Input::*;
  using Switch = bool Input::*;
  [[nodiscard]] Input& input(int channel);
  void bind_control(CommandActions& actions);
  void bind_channels(CommandActions& actions);
  void bind_timebase(CommandActions& actions);
  void bind_trigger(CommandActions& actions);
  void bind_trigger_path(CommandActions& actions);
  void bind_inputs(CommandActions& actions);
  void bind_stored(CommandActions& actions, std::string_view id, CommandActions::Action set);
  void refuse_others(CommandActions& actions);
  [[nodiscard]] bool set_scale(Input& input, double scale) const;

  // oscilloscope_queries.cpp: what is read of a record
  void bind_measurements(CommandActions& actions);
  void bind_waveform(CommandActions& actions);
  void bind_registers(CommandActions& actions);
  [[nodiscard]] std::optional<WaveformRecord> measured_record(std::size_t index) const;
  [[nodiscard]] std::size_t waveform_points(const Exchange& exchange) const;
  [[nodiscard]] std::string waveform_data(const Exchange& exchange) const;
  using Measurement = std::function<measure::Result(const WaveformRecord&)>;
  void answer_measured(Exchange& exchange, const Measurement& measurement);
  struct Preamble;
  [[nodiscard]] Preamble preamble(const Exchange& exchange) const;

  // constant after construction
  Surroundings surroundings_;
  // guarded by the instrument
  std::vector<Input> inputs_;
  double timebase_scale_ = 1e-4;
  double timebase_position_ = 0;
  double reference_divisions_ = 5;
  bool sweeps_by_itself_ = true;  // AUTO
  Slope slope_ = Slope::positive;
  std::string trigger_source_ = "CHAN1";
  TriggerPath trigger_path_;
  std::int64_t holdoff_ = 0;  // nanoseconds
  static constexpr std::int64_t k_long_ago = std::numeric_limits<std::int64_t>::min() / 2;
  std::int64_t last_trigger_ = k_long_ago;
  AcquisitionType acquisition_ = AcquisitionType::normal;
  double averages_ = 1;
  State state_ = State::running;
  std::int64_t since_ = 0;                 // the acquisition was armed, or its settings changed
  std::optional<std::int64_t> triggered_;  // of the single acquisition under way
  std::optional<Capture> capture_;
  ReadingCounter captures_;
  bool trigger_event_ = false;
  bool acquisition_event_ = false;
  RegisterGroup operation_;
  static constexpr std::size_t k_all_points = SIZE_MAX;
  std::size_t waveform_points_ = k_all_points;
};

}  // namespace wheatstone::simulation
