#pragma once
// One unit of a program message while a simulated instrument executes it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "profile/command_table.hpp"
#include "simulation/bench_time.hpp"
#include "simulation/plain_settings.hpp"
#include "simulation/status_model.hpp"

namespace wheatstone::simulation {

/// What an action of a model sees and says. Valid during the call only; the instrument's lock is held.
class Exchange {
 public:
  using Continuation = std::function<void(Exchange&)>;
  using Attempt = std::function<bool(Exchange&)>;

  Exchange(const profile::CommandTable& table, BenchTime& time, PlainSettings& settings, StatusModel& status)
      : table_(&table), time_(&time), settings_(&settings), status_(&status) {}

  /// The bench's time at which the unit executes.
  [[nodiscard]] std::int64_t now() const { return now_; }
  [[nodiscard]] const profile::Match& match() const { return *match_; }
  [[nodiscard]] const profile::Command& command() const { return *match_->command; }
  [[nodiscard]] const profile::CommandTable& table() const { return *table_; }
  [[nodiscard]] PlainSettings& settings() const { return *settings_; }
  [[nodiscard]] StatusModel& status() const { return *status_; }

  /// The channels addressed: those named, else the selected one.
  [[nodiscard]] const scpi::ChannelList& channels() const { return channels_; }
  [[nodiscard]] int channel() const { return channels_.empty() ? 1 : channels_[0]; }

  [[nodiscard]] bool has(std::size_t place) const {
    return place < match_->argument_count && static_cast<bool>(match_->arguments[place]);
  }
  [[nodiscard]] const profile::Argument& argument(std::size_t place) const { return match_->arguments[place]; }
  /// The number behind an argument, MINimum and its kin resolved, steps and integers rounded as the instrument does;
  /// absent for any other keyword.
  [[nodiscard]] std::optional<double> number(std::size_t place) const { return number(place, channel()); }
  [[nodiscard]] std::optional<double> number(std::size_t place, int channel) const;
  /// Short form of a keyword argument, empty for what is none.
  [[nodiscard]] std::string_view keyword(std::size_t place) const;

  /// Where the answer goes; each call begins a new value, separated by a comma.
  [[nodiscard]] std::string& answer();
  void answer(double value) { append_response(answer(), command(), value); }
  /// The unit answered nothing yet.
  [[nodiscard]] bool silent() const { return !answered_; }

  void error(int number, std::string_view detail = {}) { status_->report(number, detail); }

  /// The instrument is busy for so long; then the continuation runs, at that time; the arguments are gone by then.
  /// `fast` skips there and runs it at once.
  void take(std::int64_t nanoseconds, Continuation then);
  /// The instrument is busy until something outside happens: tries again and again, in real time also under `fast`, and
  /// is done when the attempt returns true.
  void wait_for(Attempt attempt);

 private:
  friend class SimulatedInstrument;

  struct Suspension {
    std::int64_t due = 0;
    Continuation then;  ///< empty where `attempt` is set
    Attempt attempt;
    explicit operator bool() const { return static_cast<bool>(then) || static_cast<bool>(attempt); }
  };

  void begin(const profile::Match& match, const scpi::ChannelList& channels, std::string& output) {
    match_ = &match;
    channels_ = channels;
    output_ = &output;
    answered_ = false;
  }

  // constant after construction
  const profile::CommandTable* table_;
  BenchTime* time_;
  PlainSettings* settings_;
  StatusModel* status_;
  // of the present unit
  const profile::Match* match_ = nullptr;
  scpi::ChannelList channels_;
  std::string* output_ = nullptr;
  bool answered_ = false;
  std::int64_t now_ = 0;
  Suspension suspension_;
  bool skipping_ = false;
};

}  // namespace wheatstone::simulation
