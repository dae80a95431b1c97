#pragma once
// What a run leaves: its table, its timing, its metadata and its folder.

#include <complex>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/export.hpp>
#include <wheatstone/row.hpp>
#include <wheatstone/value.hpp>

struct ArrowArrayStream;  // the Arrow C stream interface, as arrow.apache.org documents it

namespace wheatstone {
inline namespace v1 {

/// Where a run stands, as a reader sees it.
enum class RunState : std::uint8_t { preparing, running, paused, stopping, finished, stopped, failed, aborted, killed };
[[nodiscard]] WHEATSTONE_API std::string_view name_of(RunState state);

/// One column of an experiment's table.
struct Column {
  std::string name = {};
  std::string type =
      {};  ///< "bool", "int64", "float64", "complex", "text", "bytes", "time", "array", "waveform", "frame", "null"
  Unit unit = {};
  std::string role = {};  ///< "parameter", "timestamp", "result", "uncertainty", "timing"
  std::string notes = {};
};

/// What a baseline measured, before a run's first point or after its last.
struct Baseline {
  std::string when = {};  ///< "start" or "end"
  std::string name = {};
  Time timestamp = {};
  Row results = {};  ///< with units and uncertainties; of cells that are no scalars, their kind as text
};

/// Consecutive cells of one column, where they lie in a mapped file. A value; keeps the file mapped.
template <class T>
struct ColumnBatch {
  std::size_t first_row = 0;
  std::span<const T> values = {};
  /// Bit i, least significant first, is 0 where cell i is null (its value is then 0); nullptr where no cell is.
  const std::uint8_t* validity = nullptr;
  std::shared_ptr<const void> owner = {};

  /// REQUIRES: i < values.size().
  [[nodiscard]] bool is_null(std::size_t i) const {
    return validity != nullptr && ((validity[i / 8] >> (i % 8)) & 1U) == 0;
  }
};

/// A run's rows and metadata, read from its folder. A value: copies share the mapped files, which stay readable even if
/// the folder is deleted. Rows are those committed when it was made. Any thread.
class WHEATSTONE_API Experiment {
 public:
  /// Opens a run's folder; running, killed and finished runs alike. Throws StorageError where it is no run, is of a
  /// newer format, or a part is damaged (naming the part).
  static Experiment open(const std::filesystem::path& folder);

  ~Experiment();
  Experiment(const Experiment&);
  Experiment(Experiment&&) noexcept;
  Experiment& operator=(const Experiment&);
  Experiment& operator=(Experiment&&) noexcept;

  [[nodiscard]] const std::string& id() const;
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::string notes() const;
  [[nodiscard]] const std::filesystem::path& folder() const;
  [[nodiscard]] RunState state() const;
  /// The script that made it, as run.json names it; empty for a program that is no script.
  [[nodiscard]] std::filesystem::path script() const;
  /// run.json, as text.
  [[nodiscard]] std::string metadata() const;
  /// events.jsonl, a line each.
  [[nodiscard]] std::vector<std::string> events() const;

  /// The run's baselines, in the order in which they were measured.
  [[nodiscard]] std::vector<Baseline> baselines() const;

  [[nodiscard]] std::size_t row_count() const;
  /// The table's columns: parameters, timestamp, results with their uncertainties. Without timing.
  [[nodiscard]] const std::vector<Column>& columns() const;
  [[nodiscard]] Unit unit(std::string_view column) const;

  /// One cell. Throws DataError for a column that does not exist (naming the nearest) or a row past the end.
  [[nodiscard]] Value at(std::size_t row, std::string_view column) const;

  /// A whole column as T: double (null is NaN; int64 and bool convert), std::int64_t, bool, std::string,
  /// std::complex<double>, Time. Throws DataError where a cell is no T.
  template <class T>
  [[nodiscard]] std::vector<T> column(std::string_view name) const;

  /// The same without a copy, a batch of rows at a time: batches 0 to batch_count() - 1 hold all rows in order. T is
  /// double, std::int64_t or Time, as the column's type; a batch of ints in a column that became float64 is converted.
  /// The batch is checked before it is handed out: throws StorageError naming the part where it is damaged. Throws
  /// DataError where the column is of another type, or there is no such column or batch.
  template <class T>
  [[nodiscard]] ColumnBatch<T> batch(std::size_t index, std::string_view column) const;
  [[nodiscard]] std::size_t batch_count() const;

  /// When each row was due and taken: columns index, slot, scheduled, started, finished, lateness, missed
  /// (nanoseconds).
  [[nodiscard]] Experiment timing() const;

  /// The same run with these columns only, in this order. Throws DataError for a column that does not exist (naming
  /// the nearest), that is named twice, and for none at all.
  [[nodiscard]] Experiment select(std::span<const std::string> columns) const;

  /// Hands the table over through the Arrow C stream interface, without a copy where Arrow allows. `*out` is released
  /// by the consumer and keeps the mapped files alive. The schema's metadata has run.json as "wheatstone.run", each
  /// field's its kind, role, unit and notes.
  void to_arrow(ArrowArrayStream* out) const;
  /// One batch of 0 to batch_count() - 1, for readers that go through a large run once: what was read of the run's
  /// files leaves this process's memory when the batch is released.
  void to_arrow(ArrowArrayStream* out, std::size_t batch) const;

  /// Write the table as one file: an Arrow IPC file, with metadata as to_arrow(); comma-separated values (RFC 4180),
  /// where nothing is null and "" an empty text; JSON lines, an object a row, in which numbers that JSON lacks are the
  /// texts "Infinity", "-Infinity" and "NaN". Times are RFC 3339 with nanoseconds. The file appears whole or not at
  /// all, and replaces one of its name. Memory stays flat. Throw StorageError.
  void write_arrow(const std::filesystem::path& file) const;
  void write_csv(const std::filesystem::path& file) const;
  void write_jsonl(const std::filesystem::path& file) const;
  /// Writes what text formats cannot hold as FILE-metadata.json beside that file, in the words of CSV on the Web (W3C,
  /// "Metadata Vocabulary for Tabular Data"): columns with units and notes, and run.json.
  void write_description(const std::filesystem::path& of_file) const;

  /// The table as text, at most `rows` rows (first and last).
  [[nodiscard]] std::string table(std::size_t rows = 10) const;

 private:
  struct State;
  friend struct ExperimentAccess;
  explicit Experiment(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

template <>
WHEATSTONE_API ColumnBatch<double> Experiment::batch<double>(std::size_t, std::string_view) const;
template <>
WHEATSTONE_API ColumnBatch<std::int64_t> Experiment::batch<std::int64_t>(std::size_t, std::string_view) const;
template <>
WHEATSTONE_API ColumnBatch<Time> Experiment::batch<Time>(std::size_t, std::string_view) const;
template <>
WHEATSTONE_API std::vector<double> Experiment::column<double>(std::string_view) const;
template <>
WHEATSTONE_API std::vector<std::int64_t> Experiment::column<std::int64_t>(std::string_view) const;
template <>
WHEATSTONE_API std::vector<bool> Experiment::column<bool>(std::string_view) const;
template <>
WHEATSTONE_API std::vector<std::string> Experiment::column<std::string>(std::string_view) const;
template <>
WHEATSTONE_API std::vector<std::complex<double>> Experiment::column<std::complex<double>>(std::string_view) const;
template <>
WHEATSTONE_API std::vector<Time> Experiment::column<Time>(std::string_view) const;

/// The table as text, with row count and folder.
WHEATSTONE_API std::ostream& operator<<(std::ostream& out, const Experiment& experiment);

}  // namespace v1
}  // namespace wheatstone
