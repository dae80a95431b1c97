#pragma once
// Named instruments of one laboratory bench, from a bench.yaml.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/experiment.hpp>
#include <wheatstone/instrument.hpp>

namespace wheatstone {

namespace bench {
class BenchAccess;  // the library's own way in
}

inline namespace v1 {

/// What a bench file says of the experiments made on it. Unset texts are empty.
struct BenchExperiment {
  std::string title = {};
  std::string description = {};
  std::string notes = {};
  std::string operator_name = {};  ///< key `operator`
  std::string date = {};
  std::string database_path = {};  ///< where runs are kept
};

/// A limit of a bench file, `safety_limits`: what may be set of one quantity on one channel.
struct BenchLimit {
  int channel = 0;
  std::string quantity = {};           ///< "voltage", "current", as the profile's set-points are called
  std::optional<double> minimum = {};  ///< in the quantity's SI unit; unset: as the profile has it
  std::optional<double> maximum = {};
  std::string source = {};  ///< "bench.yaml:12:9"
};

/// What a bench file says of one instrument.
struct BenchEntry {
  std::string alias = {};
  std::string profile = {};
  InstrumentOptions options = {};
  /// They narrow the profile's. While an instrument has any, raw text that its profile does not know is refused, and an
  /// output is switched on only where what it is set to is within them.
  std::vector<BenchLimit> limits = {};
};

/// A bench file as it was read and checked.
struct BenchDescription {
  std::string name = {};
  std::string description = {};
  std::string version = {};
  bool simulate = false;
  std::uint64_t seed = 1;
  std::string pace = {};  ///< of the simulated bench: "fast", "real" or "virtual"
  BenchExperiment experiment = {};
  std::vector<BenchEntry> entries = {};  ///< in the file's order
};

/// Reads a bench file and connects nothing. Throws ConfigurationError with file, line and column of what is wrong,
/// further faults of the file attached. Any thread.
[[nodiscard]] WHEATSTONE_API BenchDescription describe_bench(const std::filesystem::path& file);

/// How to open a bench. Fields are only ever appended.
struct BenchOptions {
  /// Overrides what the file says of all its instruments. WHEATSTONE_SIMULATE=all overrides both.
  std::optional<bool> simulate = {};
};

/// Which of the settings that a run keeps.
enum class SettingsOf : std::uint8_t {
  before,  ///< as the instruments were found at its start
  after,   ///< as it left them
};

/// How Bench::restore() works. Fields are only ever appended.
struct BenchRestoreOptions {
  RestoreOptions each = {};
  SettingsOf moment = SettingsOf::before;
  std::vector<std::string> aliases = {};  ///< only these instruments; empty: all whose settings the run keeps
};

/// The instruments of a bench file, connected. Owns them; closes them when it ends. Movable. One thread opens and
/// closes it; its instruments may be used from any.
///
/// The file is data: nothing in it is evaluated. Unknown keys, and keys of later versions, are refused with file, line,
/// column and the nearest known key.
class WHEATSTONE_API Bench {
 public:
  /// Reads the file and connects every instrument, in the file's order. Where one fails, those already connected are
  /// closed and the error names each that failed. Throws ConfigurationError for the file, ConnectionError for an
  /// instrument.
  [[nodiscard]] static Bench open(const std::filesystem::path& file, const BenchOptions& options = {});

  /// The bench that WHEATSTONE_BENCH names, as `wheatstone run --bench FILE` sets it. Throws ConfigurationError too
  /// where none is named.
  [[nodiscard]] static Bench open(const BenchOptions& options = {});
  /// What WHEATSTONE_BENCH names; none where it is unset or empty.
  [[nodiscard]] static std::optional<std::filesystem::path> file_in_environment();

  ~Bench();
  Bench(Bench&& other) noexcept;
  Bench& operator=(Bench&& other) noexcept;

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& description() const;
  [[nodiscard]] const std::string& version() const;
  [[nodiscard]] const std::filesystem::path& file() const;
  [[nodiscard]] const BenchExperiment& experiment() const;
  /// True where the file, or who opened it, wants all instruments simulated.
  [[nodiscard]] bool simulate() const;
  /// Aliases with profile and options, in the file's order.
  [[nodiscard]] const std::vector<BenchEntry>& entries() const;

  /// The instrument of that alias, of any kind or of a given one. Throws ConfigurationError naming the nearest aliases,
  /// or the kind that it is.
  [[nodiscard]] Instrument& instrument(std::string_view alias) const;
  template <class Kind>
  [[nodiscard]] Kind& instrument(std::string_view alias) const {
    Instrument& found = instrument(alias);
    if (auto* const kind = dynamic_cast<Kind*>(&found)) return *kind;
    throw_wrong_kind(found);
  }

  /// Sets the instruments as they were at a run's start or end, each as Instrument::restore(): all set-points are
  /// checked first, loads go off before supplies, and what is switched on again (only if asked for) goes on when every
  /// instrument is set, supplies before loads. Throws ConfigurationError, before anything is sent, where the run keeps
  /// no such settings, or an alias is another model here or missing; LimitError likewise; otherwise the first failure
  /// with the others attached, and nothing is on then.
  RestoreReport restore(const Experiment& run, const BenchRestoreOptions& options = {}) const;

  /// Turns off what was turned on through it (loads before supplies), then closes every instrument, in the file's
  /// order, the others too where one fails. Throws the first failure with the others attached. Calls after the first do
  /// nothing.
  void close_all();

 private:
  friend class bench::BenchAccess;
  struct State;
  explicit Bench(std::unique_ptr<State> state);
  [[noreturn]] static void throw_wrong_kind(const Instrument& found);
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
