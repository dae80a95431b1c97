#pragma once
// A digital multimeter.

#include <optional>
#include <wheatstone/instrument.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a meter measures.
enum class MultimeterFunction : std::uint8_t {
  voltage_dc,
  voltage_ac,
  current_dc,
  current_ac,
  resistance,
  resistance_4w,
  frequency,
  period,
  temperature,
  continuity,
  diode,
  capacitance,
};
/// "voltage_dc" and so on, as the enumerators are spelt.
[[nodiscard]] WHEATSTONE_API std::string_view name_of(MultimeterFunction function);
/// Also takes SCPI's names ("VOLT:DC", "FRES") and "dc_voltage", "fresistance".
template <>
[[nodiscard]] WHEATSTONE_API MultimeterFunction from_name<MultimeterFunction>(std::string_view name);

/// The range to measure in: as it is, chosen by the meter at each reading, or the smallest that holds a value.
class WHEATSTONE_API MeasuringRange {
 public:
  enum class Kind : std::uint8_t { as_configured, automatic, value, minimum, maximum };

  constexpr MeasuringRange() = default;                                          ///< as configured
  constexpr MeasuringRange(double value) : kind_(Kind::value), value_(value) {}  // NOLINT: implicit by design
  [[nodiscard]] static constexpr MeasuringRange automatic() { return {Kind::automatic}; }
  [[nodiscard]] static constexpr MeasuringRange minimum() { return {Kind::minimum}; }
  [[nodiscard]] static constexpr MeasuringRange maximum() { return {Kind::maximum}; }
  /// "AUTO", "MIN", "MAX", "DEF" (automatic), any case, or a number as text. Throws ConfigurationError.
  [[nodiscard]] static MeasuringRange from_name(std::string_view name);

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  [[nodiscard]] constexpr double value() const { return value_; }
  friend constexpr bool operator==(const MeasuringRange&, const MeasuringRange&) = default;

 private:
  constexpr MeasuringRange(Kind kind) : kind_(kind) {}
  Kind kind_ = Kind::as_configured;
  double value_ = 0;
};

/// What a meter is set to, as the instrument itself answered.
struct MultimeterSettings {
  MultimeterFunction function = MultimeterFunction::voltage_dc;
  double range = 0;  ///< in the function's unit
  bool automatic_range = false;
  double resolution = 0;  ///< in the function's unit; NaN where the function has none
  Unit unit = {};
};

/// A multimeter. See Instrument for threads and errors.
///
/// What is configured stays: measuring selects the function where another one is selected and reads (READ?); ranges,
/// apertures and triggers are those last set. A range or resolution given with a measurement holds for that one: the
/// next that is given none goes back to what was configured, or to what the meter itself was set to. A resolution needs
/// a range that is not automatic. An overload is a Reading of +inf with its status, no error.
class WHEATSTONE_API Multimeter : public Instrument {
 public:
  explicit Multimeter(std::unique_ptr<instrument::Conversation> conversation);
  ~Multimeter() override;

  [[nodiscard]] Reading measure(MultimeterFunction function, MeasuringRange range = {},
                                std::optional<double> resolution = {});

  [[nodiscard]] Reading measure_voltage_dc(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_voltage_ac(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_current_dc(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_current_ac(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_resistance(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_resistance_4w(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_fresistance(MeasuringRange range = {}, std::optional<double> resolution = {}) {
    return measure_resistance_4w(range, resolution);
  }
  [[nodiscard]] Reading measure_capacitance(MeasuringRange range = {}, std::optional<double> resolution = {});
  [[nodiscard]] Reading measure_frequency();
  [[nodiscard]] Reading measure_period();
  [[nodiscard]] Reading measure_temperature();
  [[nodiscard]] Reading measure_continuity();
  [[nodiscard]] Reading measure_diode();

  /// Selects a function with its defaults (CONFigure), then range and resolution; the other settings of the function
  /// return to the instrument's defaults. Does not measure.
  void configure(MultimeterFunction function, MeasuringRange range = MeasuringRange::automatic(),
                 std::optional<double> resolution = {});
  /// Selects a function as it was last configured.
  void set_function(MultimeterFunction function);
  [[nodiscard]] MultimeterFunction function();
  [[nodiscard]] MultimeterSettings get_config();

  // Of the function that is selected, unless another is named:
  void set_range(MeasuringRange range, std::optional<MultimeterFunction> function = {});
  void set_resolution(double resolution, std::optional<MultimeterFunction> function = {});
  /// Integration time in power-line cycles; one of the model's steps. Overrides the aperture.
  void set_nplc(double cycles, std::optional<MultimeterFunction> function = {});
  [[nodiscard]] double nplc(std::optional<MultimeterFunction> function = {});
  /// Integration time in seconds. Overrides the power-line cycles.
  void set_aperture(double seconds, std::optional<MultimeterFunction> function = {});
  [[nodiscard]] double aperture(std::optional<MultimeterFunction> function = {});
  /// How long the readings of one measurement integrate together, as far as it was set from here; none where nothing
  /// was set since the last reset, resolution or raw message. Asks nothing of the instrument.
  [[nodiscard]] std::optional<Duration> known_integration() const;
  void set_autozero(bool on, std::optional<MultimeterFunction> function = {});
  /// True: more than 10 GOhm on the ranges that allow it; false: 10 MOhm on all.
  void set_automatic_input_impedance(bool on);

  /// "IMMediate", "EXTernal" or "BUS", short or long, any case.
  void set_trigger_source(std::string_view source);
  /// Samples a trigger. REQUIRES of measure(): one.
  void set_sample_count(int count);
  /// As many readings as the sample count times the trigger count.
  [[nodiscard]] std::vector<Reading> read_many();

  /// Starts a reading without waiting for it; fetch() waits and returns it.
  void initiate();
  [[nodiscard]] Reading fetch();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
