#pragma once
// The row in hand: staged cell by cell, committed whole. The hot path of a run.

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/chunk_reader.hpp"
#include "storage/keeper.hpp"
#include "storage/row_check.hpp"

namespace wheatstone::storage {

/// Whether rows of before hold, in a column or in its frames' column of that name, an int that a float cannot.
using StoredBeyond = std::function<bool(std::size_t column, std::string_view part)>;

/// Writes rows into chunks. One thread. A cell of a known fixed kind goes straight to its place in the chunk, where
/// nobody sees it before the row is published; every other cell waits as a Value until commit() has settled types and
/// room.
class RowWriter {
 public:
  RowWriter(Keeper& keeper, io::FileSystem& files, std::filesystem::path folder, const base::Uuid& run,
            bool sync_each_row);

  [[nodiscard]] std::uint64_t row_count() const { return total_; }
  [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return infos_; }

  /// Goes on with a run that has rows: its columns as they are, and how to ask whether a column of ints holds one that
  /// a float cannot. REQUIRES: before anything else.
  void go_on(std::vector<ColumnInfo> columns, std::uint64_t rows, StoredBeyond stored_beyond);

  std::size_t add_column(ColumnInfo info);
  /// Decides the kind of a column that had none. REQUIRES: neither array nor frame.
  void set_kind(std::size_t column, Value::Kind kind);
  /// Names a unit that was not known; true where a chunk already lacks it.
  bool set_unit(std::size_t column, Unit unit);

  void set(std::size_t column, double value) {
    Slot& slot = slots_[column];
    if (slot.direct == Direct::real) [[likely]] {
      std::memcpy(slot.values + row_ * 8, &value, 8);
      mark(column);
    } else {
      wait(column, Value(value));
    }
  }
  void set(std::size_t column, std::int64_t value) {
    Slot& slot = slots_[column];
    if (slot.direct == Direct::word) [[likely]] {
      std::memcpy(slot.values + row_ * 8, &value, 8);
      mark(column);
    } else {
      wait(column, infos_[column].kind == Value::Kind::time ? Value(Time{value}) : Value(value));
    }
  }
  void set(std::size_t column, const Value& value);

  /// Throws ConfigurationError after end().
  void commit();
  void discard();

  /// The row that a commit refused for lack of room, as rows of its own; none where there is none.
  [[nodiscard]] std::optional<Segment> unsaved() const;

  /// Hands the chunk in hand to the keeper; there are no later rows.
  void end();

 private:
  /// The same; later rows begin a new chunk.
  void close();
  enum class Direct : std::uint8_t { none, real, word };
  enum class Check : std::uint8_t { word, integer, bit, tree };

  struct Slot {
    std::byte* values = nullptr;
    Direct direct = Direct::none;  ///< none also while a value waits
    Direct home = Direct::none;
  };
  struct CheckStep {
    Check check;
    const Node* node;
    const std::byte* values;
  };
  /// The colder half of a column.
  struct Waiting {
    Value value = {};
    bool waits = false;
    bool beyond_53_bits = false;                           ///< an int was stored that a float cannot hold
    std::set<std::string, std::less<>> parts_beyond = {};  ///< the same of arrays ("") and of frames' columns
    bool woken = false;                                    ///< left out of a chunk once, and used again
    int idle_chunks = 0;                                   ///< chunks without a cell of it, each ended by new columns
    std::vector<double> per_row = {};  ///< what a row's variable parts took on average, as measure() orders them
  };

  void mark(std::size_t column) { staged_[column >> 6] |= std::uint64_t{1} << (column & 63); }
  void unmark(std::size_t column) { staged_[column >> 6] &= ~(std::uint64_t{1} << (column & 63)); }
  [[nodiscard]] bool marked(std::size_t column) const { return ((staged_[column >> 6] >> (column & 63)) & 1) != 0; }
  void wait(std::size_t column, Value value);
  void settle();
  [[nodiscard]] std::vector<ColumnInfo> settled_columns() const;
  [[nodiscard]] ColumnInfo settled(std::size_t column) const;
  void fit_waiting(const std::vector<ColumnInfo>& columns);
  void note_large_integers();
  [[nodiscard]] bool fits_here() const;
  [[nodiscard]] bool fits_here(std::size_t column) const;
  [[nodiscard]] std::vector<Extents> needs(const std::vector<ColumnInfo>& columns) const;
  void require_storable(const std::vector<ColumnInfo>& columns, const std::vector<Extents>& need) const;
  void carry_staged();
  void follow_rows();
  [[nodiscard]] std::unique_ptr<ChunkWriter> make(const std::vector<ColumnInfo>& columns,
                                                  const std::vector<Extents>& need);
  void count_idle();
  [[nodiscard]] std::vector<ColumnInfo> chosen(const std::vector<ColumnInfo>& columns);
  void begin_chunk(std::vector<ColumnInfo> settled);
  void use(std::shared_ptr<ChunkWriter> chunk);
  [[nodiscard]] ChunkRequest plan(const std::vector<ColumnInfo>& columns, const std::vector<Extents>& need) const;
  void write_waiting(const ChunkWriter& chunk, std::int64_t row) const;
  void put_nulls();
  [[nodiscard]] const std::uint64_t* present_here();
  template <class Crc>
  [[nodiscard]] std::uint32_t check_row();
  void clear_row();
  void after_commit();
  void learn();

  Keeper& keeper_;
  io::FileSystem& files_;
  const std::filesystem::path folder_;
  const base::Uuid run_;
  const std::uint64_t seed_;
  const bool hardware_;
  const bool sync_each_row_;

  std::vector<Slot> slots_;
  std::vector<std::uint64_t> staged_;   ///< bit a column
  std::vector<std::uint64_t> full_;     ///< bits of the chunk's columns that have cells
  std::vector<std::uint64_t> present_;  ///< bit a place in the chunk; used where the chunk lacks columns
  bool has_all_ = true;                 ///< the chunk's places are the columns' numbers
  std::vector<CheckStep> steps_;
  std::vector<std::size_t> waiting_;  ///< columns whose value waits
  std::int64_t row_ = 0;              ///< in the chunk
  std::int64_t capacity_ = 0;
  std::int64_t half_ = -1;
  std::uint64_t total_ = 0;
  std::shared_ptr<ChunkWriter> chunk_;
  bool refused_ = false;
  bool ended_ = false;

  std::vector<ColumnInfo> infos_;
  std::vector<Waiting> cold_;
  StoredBeyond stored_beyond_;  ///< of the rows before go_on(); empty where there are none
  std::uint64_t schema_ = 0;
  mutable Extents need_, used_, room_;  ///< kept for their memory
  int level_ = 0;                       ///< of the next chunk's size; grows with each chunk that is filled by half
  bool name_unsynced_ = false;
};

}  // namespace wheatstone::storage
