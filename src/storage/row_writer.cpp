#include "storage/row_writer.hpp"

#include <algorithm>
#include <wheatstone/error.hpp>

#include "storage/chunk_plan.hpp"
#include "storage/element_type.hpp"
#include "storage/run_folder.hpp"
#include "storage/settled_column.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

/// A column that had no cell in so many chunks, each of which another new column ended, is left out of the next.
constexpr int k_idle_chunks = 8;

/// Where a chunk has the column of that number, or -1. A chunk has its columns by ascending number; few leave any out.
std::ptrdiff_t place_in(const std::vector<ColumnInfo>& columns, std::size_t number) {
  if (number < columns.size() && columns[number].number == number) return static_cast<std::ptrdiff_t>(number);
  const auto found = std::ranges::lower_bound(columns, number, {}, &ColumnInfo::number);
  return found == columns.end() || found->number != number ? -1 : found - columns.begin();
}

/// Cells whose elements have a type that depends on the value.
bool is_of_elements(Kind kind) { return kind == Kind::array || kind == Kind::frame; }

}  // namespace

RowWriter::RowWriter(Keeper& keeper, io::FileSystem& files, std::filesystem::path folder, const base::Uuid& run,
                     bool sync_each_row)
    : keeper_(keeper),
      files_(files),
      folder_(std::move(folder)),
      run_(run),
      seed_(check_seed(run)),
      hardware_(crc32c_in_hardware()),
      sync_each_row_(sync_each_row) {}

void RowWriter::go_on(std::vector<ColumnInfo> columns, std::uint64_t rows, StoredBeyond stored_beyond) {
  for (ColumnInfo& column : columns) add_column(std::move(column));
  total_ = rows;
  stored_beyond_ = std::move(stored_beyond);
}

std::size_t RowWriter::add_column(ColumnInfo info) {
  info.number = static_cast<std::uint32_t>(infos_.size());
  infos_.push_back(std::move(info));
  slots_.emplace_back();
  cold_.emplace_back();
  staged_.resize((infos_.size() + 63) / 64);
  return infos_.size() - 1;
}

void RowWriter::set_kind(std::size_t column, Kind kind) {
  infos_[column].kind = kind;
  infos_[column].type = type_of(kind);
}

bool RowWriter::set_unit(std::size_t column, Unit unit) {
  infos_[column].unit = unit;
  return chunk_ != nullptr || total_ != 0;
}

void RowWriter::set(std::size_t column, const Value& value) {
  if (const auto* real = value.get_if<double>()) return set(column, *real);
  if (const auto* integer = value.get_if<std::int64_t>(); integer != nullptr && infos_[column].kind == Kind::integer) {
    return set(column, *integer);
  }
  if (const auto* time = value.get_if<Time>();
      time != nullptr && infos_[column].kind == Kind::time && slots_[column].direct == Direct::word) {
    return set(column, time->nanoseconds);
  }
  if (is_of_elements(value.kind()) && infos_[column].kind == value.kind() && keeps(infos_[column], value))
    return wait(column, fitted(infos_[column], value));
  wait(column, value);
}

void RowWriter::wait(std::size_t column, Value value) {
  if (!cold_[column].waits) {
    cold_[column].waits = true;
    waiting_.push_back(column);
    slots_[column].direct = Direct::none;
  }
  if (value.is_null())
    unmark(column);
  else
    mark(column);
  cold_[column].value = std::move(value);
}

ColumnInfo RowWriter::settled(std::size_t column) const {
  const Waiting& cold = cold_[column];
  if (!cold.waits) return infos_[column];
  return settled_column(infos_[column], cold.value, total_, [&](std::string_view part) {
    return cold.beyond_53_bits || cold.parts_beyond.contains(part) || (stored_beyond_ && stored_beyond_(column, part));
  });
}

/// Arrays and frames as columns keep them that became what they are with them.
void RowWriter::fit_waiting(const std::vector<ColumnInfo>& columns) {
  for (const std::size_t c : waiting_) {
    Value& value = cold_[c].value;
    if (is_of_elements(value.kind())) value = fitted(columns[c], std::move(value));
  }
}

/// Whole numbers in arrays that their column could not keep if it became one of floats.
void RowWriter::note_large_integers() {
  for (const std::size_t c : waiting_) {
    const auto note = [&](std::string_view part, const Array& array) {
      if (!cold_[c].parts_beyond.contains(part) && beyond_53_bits(array)) cold_[c].parts_beyond.emplace(part);
    };
    const Value& value = cold_[c].value;
    if (const auto* array = value.get_if<std::shared_ptr<const Array>>()) note("", **array);
    if (const auto* frame = value.get_if<std::shared_ptr<const Frame>>()) {
      for (const auto& [name, array] : (*frame)->columns) note(name, array);
    }
  }
}

std::vector<ColumnInfo> RowWriter::settled_columns() const {
  std::vector<ColumnInfo> columns;
  columns.reserve(infos_.size());
  for (std::size_t c = 0; c < infos_.size(); ++c) columns.push_back(settled(c));
  return columns;
}

/// Throws DataError for a cell that no chunk may hold.
void RowWriter::require_storable(const std::vector<ColumnInfo>& columns, const std::vector<Extents>& need) const {
  for (std::size_t p = 0; p < columns.size(); ++p) {
    const double bytes = need[p].empty() ? 0 : size_of_cell(columns[p].type, need[p]);
    if (bytes <= k_most_cell_bytes) continue;
    throw DataError("row " + std::to_string(total_) + ", column '" + columns[p].name + "': a cell of " +
                    std::to_string(static_cast<std::int64_t>(bytes / 1e6)) +
                    " MB; a cell holds at most 2,147 MB, return it in pieces under names of their own");
  }
}

std::vector<Extents> RowWriter::needs(const std::vector<ColumnInfo>& columns) const {
  static const Value k_null;
  std::vector<Extents> needs(columns.size());
  for (std::size_t p = 0; p < columns.size(); ++p) {
    const Waiting& cold = cold_[columns[p].number];
    if (is_variable(columns[p].type)) measure(columns[p].type, cold.waits ? cold.value : k_null, needs[p]);
  }
  return needs;
}

/// True where the value that waits for a column fits the chunk in hand: same type, and room for its variable parts.
bool RowWriter::fits_here(std::size_t c) const {
  const Value& value = cold_[c].value;
  if (value.is_null()) return true;
  const std::ptrdiff_t place = place_in(chunk_->columns(), c);
  if (place < 0) return false;
  const ColumnInfo& info = chunk_->columns()[static_cast<std::size_t>(place)];
  const Node& node = chunk_->nodes()[static_cast<std::size_t>(place)];
  if (info.kind == Kind::real && value.kind() == Kind::integer) return exact_as_real(*value.get_if<std::int64_t>());
  if (info.kind != value.kind()) return false;
  if (is_of_elements(info.kind) && !keeps(info, value)) return false;
  need_.clear();
  measure(info.type, value, need_);
  if (need_.empty()) return true;
  used_.clear();
  room_.clear();
  measure_used(node, row_, used_);
  measure_room(node, room_);
  for (std::size_t i = 0; i < need_.size(); ++i) {
    if (need_[i] > room_[i] - used_[i]) return false;
  }
  return true;
}

bool RowWriter::fits_here() const {
  if (row_ == capacity_) return false;
  return std::all_of(waiting_.begin(), waiting_.end(), [&](std::size_t c) { return fits_here(c); });
}

/// Cells that already stand in the chunk become waiting values, for another chunk.
void RowWriter::carry_staged() {
  if (chunk_ == nullptr || row_ == capacity_) return;
  for (std::size_t p = 0; p < chunk_->columns().size(); ++p) {
    const ColumnInfo& info = chunk_->columns()[p];
    if (!marked(info.number) || cold_[info.number].waits) continue;
    wait(info.number, read_cell(chunk_->nodes()[p], ColumnInfo{.kind = info.kind}, row_));
  }
}

ChunkRequest RowWriter::plan(const std::vector<ColumnInfo>& columns, const std::vector<Extents>& need) const {
  std::vector<std::vector<double>> per_row;
  for (const ColumnInfo& column : columns) per_row.push_back(cold_[column.number].per_row);
  ChunkRequest request = plan_chunk(columns, need, std::move(per_row), level_);
  request.schema = schema_;
  return request;
}

/// A chunk that was left early shows how many rows the next may hold: as few where columns change with each row.
void RowWriter::follow_rows() {
  for (std::int64_t rows = capacity_ / 8; row_ < rows && level_ > k_least_level; rows /= 4) --level_;
  if (row_ <= 1) level_ = k_least_level;
}

/// A nearly full medium may still have room for a smaller chunk, down to one of a single row.
std::unique_ptr<ChunkWriter> RowWriter::make(const std::vector<ColumnInfo>& columns, const std::vector<Extents>& need) {
  while (true) {
    const ChunkRequest request = plan(columns, need);
    try {
      return keeper_.make(request);
    } catch (const StorageError&) {
      if (request.rows == 1) throw;
    }
    --level_;
  }
}

/// Counts for how many chunks, each ended by new columns, a column has had no cell.
void RowWriter::count_idle() {
  const auto& columns = chunk_->columns();
  for (std::size_t p = 0; p < columns.size(); ++p) {
    Waiting& cold = cold_[columns[p].number];
    bool has_cell = columns[p].kind == Kind::null || cold.woken;
    for (std::int64_t row = 0; row < row_ && !has_cell; ++row) has_cell = chunk_->nodes()[p].valid(row);
    cold.idle_chunks = has_cell ? 0 : cold.idle_chunks + 1;
  }
}

/// The columns of the next chunk. Where each row or two brings a new one, those that were used once are left out: else
/// every chunk would describe them all. One that is used again stays for good, so that a run makes two chunks a column
/// at most.
std::vector<ColumnInfo> RowWriter::chosen(const std::vector<ColumnInfo>& columns) {
  std::vector<ColumnInfo> chosen;
  for (const ColumnInfo& column : columns) {
    Waiting& cold = cold_[column.number];
    const bool is_idle = cold.idle_chunks >= k_idle_chunks;
    if (is_idle && cold.waits && !cold.value.is_null()) {
      cold.woken = true;
      cold.idle_chunks = 0;
    }
    if (cold.idle_chunks < k_idle_chunks) chosen.push_back(column);
  }
  return chosen;
}

void RowWriter::begin_chunk(std::vector<ColumnInfo> settled) {
  const bool was_brief = chunk_ != nullptr && row_ > 0 && row_ < k_idle_chunks;
  if (was_brief && settled.size() > chunk_->columns().size()) count_idle();
  const std::vector<ColumnInfo> columns = chosen(settled);
  const bool same =
      chunk_ != nullptr && std::ranges::equal(columns, chunk_->columns(), [](const auto& a, const auto& b) {
        return a.number == b.number && a.kind == b.kind && a.type == b.type;
      });
  if (!same) ++schema_;
  if (chunk_ != nullptr && row_ < half_) follow_rows();
  const std::vector<Extents> need = needs(columns);
  require_storable(columns, need);
  std::shared_ptr<ChunkWriter> chunk = keeper_.take_prepared(schema_);
  for (std::size_t p = 0; chunk != nullptr && p < columns.size(); ++p) {
    Extents room;
    measure_room(chunk->nodes()[p], room);
    const bool fits = std::equal(need[p].begin(), need[p].end(), room.begin(), [](auto n, auto r) { return n <= r; });
    if (!need[p].empty() && !fits) chunk.reset();
  }
  if (chunk == nullptr) chunk = make(columns, need);
  chunk->adopt(files_, total_, folder_ / chunk_name(total_));
  close();
  infos_ = std::move(settled);
  use(std::move(chunk));
}

void RowWriter::use(std::shared_ptr<ChunkWriter> chunk) {
  chunk_ = std::move(chunk);
  keeper_.watch(chunk_);
  row_ = 0;
  capacity_ = chunk_->capacity();
  half_ = std::max<std::int64_t>(1, capacity_ / 2);
  name_unsynced_ = true;
  const auto& columns = chunk_->columns();
  has_all_ = columns.empty() || columns.back().number + 1 == columns.size();
  full_.assign(columns.empty() ? 0 : columns.back().number / 64 + 1, 0);
  present_.assign((columns.size() + 63) / 64, 0);
  steps_.clear();
  for (std::size_t p = 0; p < columns.size(); ++p) {
    const std::size_t c = columns[p].number;
    const Node& node = chunk_->nodes()[p];
    Slot& slot = slots_[c];
    slot.values = const_cast<std::byte*>(node.data);  // the chunk is ours to write
    slot.home = Direct::none;
    if (columns[p].kind == Kind::real) slot.home = Direct::real;
    if (columns[p].kind == Kind::integer || columns[p].kind == Kind::time) slot.home = Direct::word;
    if (!cold_[c].waits) slot.direct = slot.home;
    if (columns[p].kind == Kind::null) continue;
    full_[c >> 6] |= std::uint64_t{1} << (c & 63);
    Check check = Check::tree;
    if (columns[p].kind == Kind::real || columns[p].kind == Kind::time) check = Check::word;
    if (columns[p].kind == Kind::integer) check = Check::integer;
    if (columns[p].kind == Kind::boolean) check = Check::bit;
    steps_.push_back({check, &node, node.data});
  }
}

void RowWriter::write_waiting(const ChunkWriter& chunk, std::int64_t row) const {
  for (const std::size_t c : waiting_) {
    const Value& value = cold_[c].value;
    if (value.is_null()) continue;
    const auto place = static_cast<std::size_t>(place_in(chunk.columns(), c));
    const ColumnInfo& info = chunk.columns()[place];
    const auto* integer = value.get_if<std::int64_t>();
    const bool widens = integer != nullptr && info.kind == Kind::real;
    write_cell(chunk.nodes()[place], info.type, row, widens ? Value(static_cast<double>(*integer)) : value);
  }
}

/// Everything that may fail, before anything of the row is final.
void RowWriter::settle() {
  // Decided here, off the way of most rows: without a chunk, every commit comes by.
  if (ended_) throw ConfigurationError("the run in '" + folder_.string() + "' has ended; a new row needs a new run");
  if (!fits_here()) {
    std::vector<ColumnInfo> columns = settled_columns();
    fit_waiting(columns);
    carry_staged();
    begin_chunk(std::move(columns));
  }
  write_waiting(*chunk_, row_);
  note_large_integers();
}

void RowWriter::put_nulls() {
  for (std::size_t w = 0; w < full_.size(); ++w) {
    for (std::uint64_t missing = full_[w] & ~staged_[w]; missing != 0; missing &= missing - 1) {
      const std::size_t column = w * 64 + static_cast<std::size_t>(__builtin_ctzll(missing));
      chunk_->put_null(static_cast<std::size_t>(place_in(chunk_->columns(), column)), row_);
    }
  }
}

/// Which of the chunk's columns have a cell, where it lacks some of the run's.
const std::uint64_t* RowWriter::present_here() {
  std::ranges::fill(present_, 0);
  const auto& columns = chunk_->columns();
  for (std::size_t p = 0; p < columns.size(); ++p) {
    if (marked(columns[p].number)) present_[p >> 6] |= std::uint64_t{1} << (p & 63);
  }
  return present_.data();
}

template <class Crc>
std::uint32_t RowWriter::check_row() {
  constexpr std::uint64_t k_exact = std::uint64_t{1} << 53;
  std::uint64_t crc = Crc::word(seed_, total_);
  const std::uint64_t* const present = has_all_ ? staged_.data() : present_here();
  for (std::size_t w = 0; w < present_.size(); ++w) crc = Crc::word(crc, present[w]);
  for (const CheckStep& step : steps_) {
    std::uint64_t word;
    switch (step.check) {
      case Check::word:
        std::memcpy(&word, step.values + row_ * 8, 8);
        crc = Crc::word(crc, word);
        break;
      case Check::integer:
        std::memcpy(&word, step.values + row_ * 8, 8);
        crc = Crc::word(crc, word);
        // -2^53 .. 2^53 become 0 .. 2^54.
        if (word + k_exact > 2 * k_exact) [[unlikely]] {
          const auto place = static_cast<std::size_t>(step.node - chunk_->nodes().data());
          cold_[chunk_->columns()[place].number].beyond_53_bits = true;
        }
        break;
      case Check::bit:
        crc = Crc::word(crc, step.node->bit(row_) ? 1 : 0);
        break;
      case Check::tree:
        static_cast<void>(add_cell<Crc>(*step.node, row_, crc));
        break;
    }
  }
  return ~static_cast<std::uint32_t>(crc);
}

void RowWriter::commit() {
  if (keeper_.failed()) [[unlikely]]
    keeper_.rethrow();
  try {
    if (!waiting_.empty() || row_ == capacity_) settle();
    put_nulls();
    chunk_->checks()[row_] = hardware_ ? check_row<HardwareCrc>() : check_row<SoftwareCrc>();
    chunk_->publish(row_);
  } catch (const StorageError&) {
    refused_ = true;
    throw;
  }
  ++row_;
  ++total_;
  clear_row();
  if (row_ == half_ || sync_each_row_) after_commit();
}

void RowWriter::after_commit() {
  if (row_ == half_) {
    learn();
    level_ = std::min(level_ + 1, k_most_level);
    keeper_.prepare(plan(chunk_->columns(), needs(chunk_->columns())));
  }
  if (!sync_each_row_) return;
  chunk_->sync();
  if (std::exchange(name_unsynced_, false)) files_.sync_folder(folder_);
}

void RowWriter::clear_row() {
  std::fill(staged_.begin(), staged_.end(), 0);
  for (const std::size_t c : waiting_) {
    cold_[c].waits = false;
    cold_[c].value = Value();
    slots_[c].direct = slots_[c].home;
  }
  waiting_.clear();
  refused_ = false;
  if (row_ == capacity_) {
    // No cell has a place until the next chunk begins.
    for (Slot& slot : slots_) slot.direct = slot.home = Direct::none;
  }
}

void RowWriter::discard() { clear_row(); }

/// What rows took here decides the room in the next chunk.
void RowWriter::learn() {
  for (std::size_t p = 0; p < chunk_->columns().size(); ++p) {
    Extents used;
    measure_used(chunk_->nodes()[p], row_, used);
    if (used.empty()) continue;
    std::vector<double>& per_row = cold_[chunk_->columns()[p].number].per_row;
    per_row.assign(used.begin(), used.end());
    for (double& each : per_row) each /= static_cast<double>(row_);
  }
}

void RowWriter::end() {
  close();
  ended_ = true;
}

void RowWriter::close() {
  if (chunk_ == nullptr) return;
  std::shared_ptr<ChunkWriter> chunk = std::move(chunk_);
  chunk_ = nullptr;
  for (Slot& slot : slots_) slot.direct = slot.home = Direct::none;
  if (row_ == 0) {
    keeper_.watch(std::shared_ptr<ChunkWriter>());
    files_.remove(chunk->path());
  } else {
    chunk_ = std::move(chunk);
    learn();
    keeper_.seal(std::exchange(chunk_, nullptr));
  }
  row_ = capacity_ = 0;
  half_ = -1;
}

std::optional<Segment> RowWriter::unsaved() const {
  if (!refused_) return std::nullopt;
  // A copy of this object's row would do; the chunk in hand may lack its columns, so it goes to memory of its own.
  std::vector<ColumnInfo> columns = settled_columns();
  auto chunk = ChunkWriter::in_memory(lay_out(columns, 1, needs(columns)), run_);
  chunk->adopt(files_, total_, {});
  write_waiting(*chunk, 0);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (!marked(c))
      chunk->put_null(c, 0);
    else if (!cold_[c].waits) {
      const auto place = static_cast<std::size_t>(place_in(chunk_->columns(), c));
      write_cell(chunk->nodes()[c], columns[c].type, 0,
                 read_cell(chunk_->nodes()[place], chunk_->columns()[place], row_));
    }
  }
  Segment segment;
  segment.first_row = total_;
  segment.row_count = 1;
  segment.columns = std::make_shared<const std::vector<ColumnInfo>>(std::move(columns));
  segment.nodes = chunk->nodes();
  segment.owner = chunk->memory();
  segment.file = "the row in hand";
  return segment;
}

}  // namespace wheatstone::storage
