#pragma once
// A measurement in a file: what to vary, what to set, what to read.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/preview.hpp>
#include <wheatstone/row.hpp>
#include <wheatstone/session.hpp>

namespace wheatstone {

namespace procedure {
class ProcedureAccess;  // the library's own way in
}

inline namespace v1 {

/// How a procedure is run. Fields are only ever appended.
struct ProcedureOptions {
  std::filesystem::path bench = {};  ///< a bench file in place of the procedure's own instruments
  bool simulate = false;             ///< every instrument is simulated, those with an address too
  std::filesystem::path store = {};  ///< folder of runs; empty: WHEATSTONE_STORE, the file's, the bench's, the default
  std::string name = {};             ///< of the run; empty: the procedure's
  std::string resume = {};           ///< as RunOptions::resume
  bool handle_interrupt = false;     ///< as RunOptions::handle_interrupt
  bool allow_long = false;           ///< more than 10^9 points, or more than a year of them, are meant
};

/// How far a dry run goes.
struct DryRunOptions {
  std::filesystem::path bench = {};  ///< as in ProcedureOptions
  std::uint64_t points = 10'000;     ///< whose messages are kept, at most
  bool allow_long = false;           ///< as in ProcedureOptions
};

/// A message that would be sent.
struct DryRunMessage {
  std::string instrument = {};  ///< its alias
  std::string text = {};        ///< without the line's end
};

/// One point of a dry run, or what is done before or after all of them, with its messages in order.
struct DryRunStep {
  enum class Kind : std::uint8_t {
    connect,  ///< identities and stale errors are asked for
    prepare,  ///< settings are read, setup steps are taken
    point,
    leave,  ///< after the last point: teardown steps, settings again
    close,  ///< outputs are turned off
  };
  Kind kind = Kind::point;
  std::uint64_t index = 0;  ///< of a point
  Row parameters = {};      ///< of a point
  Duration at = {};         ///< in simulated time, since the run's start
  std::vector<DryRunMessage> messages = {};
};

/// What a run would do, message by message. A plain value.
struct DryRun {
  std::vector<DryRunStep> steps = {};
  std::uint64_t points = 0;  ///< taken
  bool complete = true;      ///< false where the plan has more points than were asked for
  std::string name = {};

  /// All of it as a person reads it, lines without a last break.
  [[nodiscard]] WHEATSTONE_API std::string text() const;
};

/// A procedure that is bound to connected instruments and checked, ready to run. Owns the instruments and closes them,
/// outputs off, when it ends. Threads as MeasurementSession. REQUIRES: used in the process that made it.
class WHEATSTONE_API PreparedProcedure {
 public:
  ~PreparedProcedure();
  PreparedProcedure(PreparedProcedure&&) noexcept;
  PreparedProcedure& operator=(PreparedProcedure&&) noexcept;

  /// The session that it became: for progress, observers, stop(). Its run() belongs to run().
  [[nodiscard]] MeasurementSession& session();
  /// With what it will be run.
  [[nodiscard]] const RunOptions& run_options() const;
  /// How many points there are and how long they take at least, as far as that is known.
  [[nodiscard]] const Preview& preview() const;

  /// Runs it. Throws as MeasurementSession::run.
  Experiment run();

  /// Turns off what was turned on and gives up the instruments; throws what kept it from doing so. The destructor does
  /// it too.
  void close();

 private:
  friend class Procedure;
  friend class procedure::ProcedureAccess;
  struct State;
  explicit PreparedProcedure(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A procedure, read and checked as far as that goes without instruments. docs/formats/procedure.md is its format. The
/// file is data: nothing in it is evaluated but expressions, which have no side effects. A value; copies share nothing.
///
/// Every method throws ConfigurationError, "iv.yaml:12:5: what is wrong", for what cannot be meant; run() and prepare()
/// throw ConnectionError too, and LimitError for a value that the models or the limits do not take, all before anything
/// moves. Sweeps of more than 10^9 points, or of more than a year by the preview, are refused unless allow_long is set
/// here or in the file.
class WHEATSTONE_API Procedure {
 public:
  [[nodiscard]] static Procedure read(const std::filesystem::path& file);
  /// The same of text. `file` names it in errors and in the run; relative paths count from its folder.
  [[nodiscard]] static Procedure parse(std::string_view yaml, const std::filesystem::path& file = "procedure.yaml");

  ~Procedure();
  Procedure(const Procedure&);
  Procedure(Procedure&&) noexcept;
  Procedure& operator=(const Procedure&);
  Procedure& operator=(Procedure&&) noexcept;

  [[nodiscard]] const std::filesystem::path& file() const;
  [[nodiscard]] const std::string& text() const;  ///< as it was read
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] std::vector<std::string> parameters() const;  ///< their names, the outermost first

  /// Replaces the values of a parameter: "voltage=0:5:0.1", "current=0.1,0.5,1", "mode=CC,CR".
  Procedure& set(std::string_view assignment);

  /// What run() would do. Connects simulated instruments only.
  [[nodiscard]] Preview preview(const ProcedureOptions& options = {}, const PreviewOptions& shown = {}) const;

  /// Runs it against simulated instruments in virtual time, whatever their addresses, and returns every message that
  /// they were sent. Nothing is kept and no real instrument hears of it.
  [[nodiscard]] DryRun dry_run(const DryRunOptions& options = {}) const;

  /// Connects the instruments and checks what will be set, at a million points at most, against their models and the
  /// limits; nothing has moved.
  [[nodiscard]] PreparedProcedure prepare(const ProcedureOptions& options = {}) const;

  /// prepare() and run it, then close.
  Experiment run(const ProcedureOptions& options = {}) const;

 private:
  friend class procedure::ProcedureAccess;
  struct State;
  explicit Procedure(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
