#pragma once
// The writing side of a run: its folder, its rows, its events, its end.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <wheatstone/experiment.hpp>
#include <wheatstone/value.hpp>

#include "base/clock.hpp"
#include "io/document.hpp"
#include "io/file.hpp"
#include "storage/column.hpp"
#include "storage/stored_rows.hpp"

namespace wheatstone::storage {

enum class Durability : std::uint8_t {
  second,  // synced in the background once a second
  row,     // synced before commit() returns
};

/// Tells what can be told only once a run has its id and its lock, into run.json from its first writing on. Must not
/// throw.
using TellOfRun = std::function<io::Document(const std::string& id)>;

struct RunStart {
  std::string name;      ///< of the session; part of the folder's name
  io::Document details;  ///< merged into run.json: plan, parameters, instruments, bench, script, host, versions
  Durability durability = Durability::second;
  TellOfRun tell = {};  ///< may be empty
};

/// How a run is gone on with.
struct RunContinuation {
  io::Document details = {};  ///< merged into run.json: what is other than before, such as the script
  io::Document segment = {};  ///< added to what the segment says by itself: first row, process, user, host, version
  Durability durability = Durability::second;
  TellOfRun tell = {};  ///< may be empty
};

/// How a run ended; the words of run.json.
enum class Outcome : std::uint8_t { finished, stopped, failed, aborted };
[[nodiscard]] std::string_view name_of(Outcome outcome);

/// One run being written. One thread writes rows; event() may be called from any thread. The run's folder, run.json,
/// events.jsonl and run.lock exist once create() or reopen() has returned; nothing else of the store is touched on the
/// way of a row.
///
/// A row is staged by set() and becomes durable against the death of the process by commit(), which costs a store a
/// column, a CRC32C and one release store of the row count: no system call and no lock. A row that was not committed
/// leaves no trace.
class RunWriter {
 public:
  /// Makes the folder of a new run in `store` (made too where missing). Throws StorageError where that fails.
  static std::unique_ptr<RunWriter> create(const std::filesystem::path& store, RunStart start, base::Clock& clock,
                                           io::FileSystem& files);
  /// Goes on with a run that was stopped, failed, aborted or killed, behind the last of its whole rows; what a crash
  /// left of it is sealed first. The run's columns are there with their names, kinds, units and order; add_column()
  /// finds them again. Throws StorageError where another process writes the run (naming it), the folder is no run, it
  /// is of another format, rows of it are lost, or the medium refuses; ConfigurationError where the run has finished.
  static std::unique_ptr<RunWriter> reopen(const std::filesystem::path& folder, RunContinuation continuation,
                                           base::Clock& clock, io::FileSystem& files);
  /// Without finish(), the run is sealed as it is and found later as killed.
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  [[nodiscard]] const std::string& id() const;  ///< UUIDv7
  [[nodiscard]] const std::filesystem::path& folder() const;
  [[nodiscard]] std::uint64_t row_count() const;  ///< committed
  /// Bytes that finish() has yet to bring into parts: the sealer follows behind, as fast as the medium takes them.
  [[nodiscard]] std::uint64_t unsealed_bytes() const;

  /// The rows that a reopened run had; none for a new one. Lives as long as this.
  [[nodiscard]] const StoredRows& stored() const;

  /// Adds a column; earlier rows read as null. Returns its number, counted from 0. Throws DataError above 4,096 columns
  /// and ConfigurationError for a name that is taken.
  ///
  /// In a reopened run the first call with the name of a stored column returns that one, which keeps its group; throws
  /// ConfigurationError where role, unit or kind are others (an int column may be asked for as float, and a float one
  /// as int: cells widen).
  std::size_t add_column(ColumnSpec spec);

  /// Stages one cell of the row in hand; columns not set are null. REQUIRES: column < number of columns. The number
  /// of a column whose kind is known and equal costs a store; an int64 in a column of time is its nanoseconds. Values
  /// are copied or shared; nothing is kept by reference.
  void set(std::size_t column, double value);
  void set(std::size_t column, std::int64_t value);
  void set(std::size_t column, const Value& value);

  /// Commits the row in hand. Throws DataError where a cell does not fit its column (naming row, column and both types;
  /// the staged row is kept for unsaved), StorageError where the medium refuses, and ConfigurationError after finish()
  /// and in a forked child, where set() is without effect. An int column that meets a float
  /// widens where all its stored values lie within +-2^53.
  void commit();
  /// Forgets the row in hand.
  void discard();

  /// Appends a line to events.jsonl: {"event": kind, "wall": ..., "boottime": ..., ...details}. Any thread.
  void event(std::string_view kind, io::Document details);

  /// Changes run.json's details while the run lives (instruments' settings, unit of a late column). Any thread.
  void amend(const io::Document& details);

  /// Seals, merges small parts, writes the outcome, gives up the lock. `details` (error, attached errors) is merged
  /// into run.json.
  void finish(Outcome outcome, io::Document details);

  /// What this run holds now: committed rows, and the row in hand where a commit was refused. May be called before and
  /// after finish(), by the writing thread.
  [[nodiscard]] Experiment experiment() const;

 private:
  struct State;
  explicit RunWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wheatstone::storage
