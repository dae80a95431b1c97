#pragma once
// A table that no session measured, kept as a run.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/row.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a kept table is called and says of itself. Fields are only ever appended.
struct TableOptions {
  std::string name = {};
  std::string description = {};
  std::string notes = {};
  std::optional<Time> started = {};  ///< when it was measured; unset: now
  std::string details = {};          ///< more of run.json: a JSON object, or nothing
};

/// Writes a table from elsewhere - an import, trials put together by hand - into a store, as a run folder like those
/// that sessions leave. One thread. A writer that ends without finish() takes its folder away again; a process that is
/// killed meanwhile leaves a run that is found as killed.
class WHEATSTONE_API TableWriter {
 public:
  /// Makes the run's folder in `store`, which is made too where missing. Throws StorageError where that fails,
  /// DataError where the details are no JSON object.
  TableWriter(const std::filesystem::path& store, const TableOptions& options);
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  /// Adds a column with its name, unit, role and notes, and the type where it is not empty; earlier rows read as null.
  /// Returns its number, counted from 0. Throws ConfigurationError for a name that is taken, or an unknown type or
  /// role.
  std::size_t add_column(const Column& column);

  /// Stages a cell of the row in hand; cells not set are null. REQUIRES: column is a number from add_column().
  void set(std::size_t column, const Value& value);
  /// Keeps the row in hand. Throws DataError where a cell does not fit its column, naming row, column and both types,
  /// and StorageError where the medium refuses.
  void commit();

  /// A whole row by names. New names become columns; an uncertainty goes into "<name>_uncertainty". Throws as commit().
  void append(const Row& row);

  [[nodiscard]] const std::filesystem::path& folder() const;
  [[nodiscard]] std::uint64_t row_count() const;

  /// Seals the table; `details` (a JSON object, or nothing) is merged into run.json. Throws StorageError where the
  /// medium refuses.
  Experiment finish(std::string_view details = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
