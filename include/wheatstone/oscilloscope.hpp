#pragma once
// A digital oscilloscope.

#include <optional>
#include <span>
#include <wheatstone/instrument.hpp>

namespace wheatstone {
inline namespace v1 {

class Oscilloscope;

enum class Coupling : std::uint8_t { dc, ac };
enum class TriggerSlope : std::uint8_t { positive, negative, either, alternate };
/// What to do without a trigger: sweep anyway after a while, or wait.
enum class TriggerSweep : std::uint8_t { automatic, normal };
enum class TriggerCoupling : std::uint8_t { dc, ac, low_frequency_reject };
enum class AcquisitionType : std::uint8_t { normal, average, high_resolution, peak };

[[nodiscard]] WHEATSTONE_API std::string_view name_of(Coupling coupling);
[[nodiscard]] WHEATSTONE_API std::string_view name_of(TriggerSlope slope);
[[nodiscard]] WHEATSTONE_API std::string_view name_of(TriggerSweep sweep);
[[nodiscard]] WHEATSTONE_API std::string_view name_of(TriggerCoupling coupling);
[[nodiscard]] WHEATSTONE_API std::string_view name_of(AcquisitionType type);
template <>
[[nodiscard]] WHEATSTONE_API Coupling from_name<Coupling>(std::string_view name);
template <>
[[nodiscard]] WHEATSTONE_API TriggerSlope from_name<TriggerSlope>(std::string_view name);
template <>
[[nodiscard]] WHEATSTONE_API TriggerSweep from_name<TriggerSweep>(std::string_view name);
template <>
[[nodiscard]] WHEATSTONE_API TriggerCoupling from_name<TriggerCoupling>(std::string_view name);
template <>
[[nodiscard]] WHEATSTONE_API AcquisitionType from_name<AcquisitionType>(std::string_view name);

/// Where a trigger comes from: a channel by its number, or "external", "line", "wgen".
class WHEATSTONE_API TriggerSource {
 public:
  TriggerSource(int channel) : channel_(channel) {}  // NOLINT: implicit by design, both below too
  /// "CH1", "CHAN1", "CHANnel1", "1", "external", "EXT", "line", "wgen", any case. Throws ConfigurationError.
  TriggerSource(std::string_view name);                                       // NOLINT
  TriggerSource(const char* name) : TriggerSource(std::string_view(name)) {}  // NOLINT
  /// Zero where it is no channel.
  [[nodiscard]] int channel() const { return channel_; }
  /// SCPI's word where it is no channel: "EXTernal", "LINE", "WGEN".
  [[nodiscard]] std::string_view word() const { return word_; }

 private:
  int channel_ = 0;
  std::string_view word_ = {};
};

/// What of one channel to set; what is unset stays.
struct ScopeChannelSettings {
  std::optional<double> scale = {};     ///< V per division
  std::optional<double> position = {};  ///< divisions by which zero volts stand above the centre
  std::optional<double> offset = {};    ///< V at the centre of the screen
  std::optional<Coupling> coupling = {};
  std::optional<double> probe_attenuation = {};  ///< 10 for a 10:1 probe
  std::optional<bool> bandwidth_limit = {};      ///< the model's low-pass filter
};

/// Scale and offset of a channel, or scale and position of the time axis, as the instrument itself answered.
struct ScopeAxis {
  double scale = 0;
  double position = 0;
};

/// What one acquisition left on one or several channels; the waveforms share one time axis.
struct ScopeRecord {
  std::vector<int> channels = {};
  std::vector<Waveform> waveforms = {};  ///< one a channel, in volts
  double sampling_rate = 0;              ///< of the waveforms, in Hz; the scope itself may sample faster
  Time at = {};
  std::string instrument = {};
  std::size_t clipped = 0;  ///< samples at the end of the converter's range, over all channels

  /// The time axis in seconds, relative to the trigger.
  [[nodiscard]] WHEATSTONE_API std::vector<double> times() const;
  /// Columns "Time (s)", "Channel 1 (V)" and so on.
  [[nodiscard]] WHEATSTONE_API Frame to_frame() const;
};

/// How read_channels() reads.
struct ReadChannelsOptions {
  bool digitize = true;            ///< acquire anew; false reads what the last acquisition left
  std::optional<int> points = {};  ///< at most so many points a channel, of this record only
  bool run_after = false;          ///< leave the scope running
};

/// One channel of a scope. As small as a pointer and a number. REQUIRES: the scope outlives it.
class WHEATSTONE_API ScopeChannel {
 public:
  [[nodiscard]] int number() const noexcept { return channel_; }
  /// All are checked before any is sent.
  ScopeChannel setup(const ScopeChannelSettings& settings) const;
  ScopeChannel set_scale(double volts_per_division) const;
  ScopeChannel set_offset(double volts) const;
  ScopeChannel enable() const;
  ScopeChannel disable() const;
  [[nodiscard]] Reading measure_peak_to_peak() const;
  [[nodiscard]] Reading measure_rms() const;
  [[nodiscard]] Reading measure_mean() const;
  [[nodiscard]] Reading measure_amplitude() const;
  [[nodiscard]] Reading measure_frequency() const;

 private:
  friend class Oscilloscope;
  ScopeChannel(Oscilloscope* scope, int channel) : scope_(scope), channel_(channel) {}
  Oscilloscope* scope_;
  int channel_;
};

/// Several channels of a scope, set up alike and read at once. REQUIRES: the scope outlives it.
class WHEATSTONE_API ScopeChannels {
 public:
  [[nodiscard]] const std::vector<int>& numbers() const noexcept { return numbers_; }
  /// One channel after the other, each checked before any of it is sent.
  ScopeChannels setup(const ScopeChannelSettings& settings) const;
  ScopeChannels enable() const;
  ScopeChannels disable() const;
  /// One acquisition of all of them.
  [[nodiscard]] ScopeRecord read(const ReadChannelsOptions& options = {}) const;

 private:
  friend class Oscilloscope;
  ScopeChannels(Oscilloscope* scope, std::vector<int> numbers) : scope_(scope), numbers_(std::move(numbers)) {}
  Oscilloscope* scope_;
  std::vector<int> numbers_;
};

/// When a scope acquires. REQUIRES: the scope outlives it.
class WHEATSTONE_API ScopeTrigger {
 public:
  ScopeTrigger setup_edge(const TriggerSource& source, double level, TriggerSlope slope = TriggerSlope::positive,
                          std::optional<TriggerCoupling> coupling = {}) const;
  ScopeTrigger set_source(const TriggerSource& source) const;
  ScopeTrigger set_level(double volts) const;
  ScopeTrigger set_slope(TriggerSlope slope) const;
  ScopeTrigger set_sweep(TriggerSweep sweep) const;
  /// Arms for one acquisition and returns at once; wait() waits for it.
  ScopeTrigger single() const;
  ScopeTrigger run() const;
  ScopeTrigger stop() const;
  /// Triggers now, whatever the signal.
  ScopeTrigger force() const;
  /// Waits until the acquisition that single() armed is complete. False where it is not within `timeout`; it stays
  /// armed.
  [[nodiscard]] bool wait(Duration timeout) const;
  /// Waits for the instrument's time-out. Throws TimeoutError.
  void wait() const;

 private:
  friend class Oscilloscope;
  explicit ScopeTrigger(Oscilloscope* scope) : scope_(scope) {}
  Oscilloscope* scope_;
};

/// How a scope acquires. REQUIRES: the scope outlives it.
class WHEATSTONE_API ScopeAcquisition {
 public:
  ScopeAcquisition set_type(AcquisitionType type) const;
  [[nodiscard]] AcquisitionType type() const;
  /// 2 to the model's maximum; of the averaging type.
  ScopeAcquisition set_average_count(int count) const;
  [[nodiscard]] int average_count() const;
  [[nodiscard]] int points() const;
  [[nodiscard]] double sample_rate() const;

 private:
  friend class Oscilloscope;
  explicit ScopeAcquisition(Oscilloscope* scope) : scope_(scope) {}
  Oscilloscope* scope_;
};

/// An oscilloscope. Channels count from 1, as its profile lists them. See Instrument for threads and errors. A
/// measurement that the scope cannot make is a Reading with its status, no error.
class WHEATSTONE_API Oscilloscope : public Instrument {
 public:
  explicit Oscilloscope(std::unique_ptr<instrument::Conversation> conversation);
  ~Oscilloscope() override;

  [[nodiscard]] const std::vector<int>& channels() const;
  /// Throws ConfigurationError for a channel that the profile does not have.
  [[nodiscard]] ScopeChannel channel(int number);
  /// The same for each of them; throws where none is given, or one twice.
  [[nodiscard]] ScopeChannels channels(std::vector<int> numbers);
  [[nodiscard]] ScopeTrigger trigger() { return ScopeTrigger(this); }
  [[nodiscard]] ScopeAcquisition acquisition() { return ScopeAcquisition(this); }

  /// Lets the scope choose scales and trigger itself; waits for it.
  void auto_scale();

  void set_timebase_scale(double seconds_per_division);
  void set_timebase_position(double seconds);
  void set_time_axis(double seconds_per_division, double position_seconds);
  [[nodiscard]] ScopeAxis get_time_axis();
  /// The time that the whole screen shows.
  void set_acquisition_time(double seconds);

  void setup_channel(int channel, const ScopeChannelSettings& settings);
  void set_channel_scale(int channel, double volts_per_division);
  void set_channel_offset(int channel, double volts);
  void set_channel_axis(int channel, double volts_per_division, double offset_volts);
  [[nodiscard]] ScopeAxis get_channel_axis(int channel);
  void set_channel_coupling(int channel, Coupling coupling);
  void set_probe_attenuation(int channel, double factor);
  [[nodiscard]] double get_probe_attenuation(int channel);
  void set_bandwidth_limit(int channel, bool on);
  void display_channel(int channel, bool on = true);
  [[nodiscard]] bool is_channel_displayed(int channel);

  void setup_edge(const TriggerSource& source, double level, TriggerSlope slope = TriggerSlope::positive,
                  std::optional<TriggerCoupling> coupling = {});
  /// One thing of the edge trigger; what is not named stays.
  void set_trigger_source(const TriggerSource& source);
  /// Of the source in force, or of one that is named.
  void set_trigger_level(double volts, std::optional<TriggerSource> source = {});
  void set_trigger_slope(TriggerSlope slope);
  void set_trigger_sweep(TriggerSweep sweep);
  void single();
  void run();
  void stop();
  void force_trigger();
  [[nodiscard]] bool wait_for_trigger(Duration timeout);

  void set_acquisition_type(AcquisitionType type);
  [[nodiscard]] AcquisitionType acquisition_type();
  void set_average_count(int count);
  [[nodiscard]] int average_count();
  [[nodiscard]] int acquisition_points();
  [[nodiscard]] double sample_rate();

  /// Acquires on those channels and waits for it: TimeoutError, and a device clear, where no trigger comes.
  void digitize(std::span<const int> channels);
  [[nodiscard]] ScopeRecord read_channels(std::span<const int> channels, const ReadChannelsOptions& options = {});
  [[nodiscard]] ScopeRecord read_channels(int channel, const ReadChannelsOptions& options = {}) {
    return read_channels(std::span<const int>(&channel, 1), options);
  }
  [[nodiscard]] Waveform read_waveform(int channel, const ReadChannelsOptions& options = {});

  [[nodiscard]] Reading measure_voltage_peak_to_peak(int channel);
  [[nodiscard]] Reading measure_vpp(int channel) { return measure_voltage_peak_to_peak(channel); }
  [[nodiscard]] Reading measure_rms_voltage(int channel);
  [[nodiscard]] Reading measure_rms(int channel) { return measure_rms_voltage(channel); }
  [[nodiscard]] Reading measure_amplitude(int channel);
  [[nodiscard]] Reading measure_mean(int channel);
  [[nodiscard]] Reading measure_maximum(int channel);
  [[nodiscard]] Reading measure_minimum(int channel);
  [[nodiscard]] Reading measure_frequency(int channel);
  [[nodiscard]] Reading measure_period(int channel);

  /// The built-in generator's output, where it was turned on.
  void make_safe(Duration within = std::chrono::seconds(2)) override;
  [[nodiscard]] bool is_anything_on() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
