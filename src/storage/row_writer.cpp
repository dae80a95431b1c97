#include "storage/row_writer.hpp"

#include <algorithm>
#include <cmath>
#include <wheatstone/error.hpp>

#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

constexpr std::int64_t k_exact = std::int64_t{1} << 53;

bool exact_as_real(std::int64_t value) { return value >= -k_exact && value <= k_exact; }

/// What one row takes, with `extents` for its variable parts.
double bytes_of(const Type& type, double count, const double*& extents) {
  double bytes = 0;
  double below = count;
  if (has_offsets(type.physical)) {
    below = *extents++;
    bytes = 8 * count + (type.physical == Physical::list ? 0 : below);
  } else if (type.physical == Physical::bit) {
    bytes = count / 8;
  } else if (type.physical == Physical::pair) {
    below = 2 * count;
  } else {
    bytes = count * static_cast<double>(width_of(type.physical));
  }
  for (const Field& child : type.children) bytes += bytes_of(child.type, below, extents);
  return bytes;
}

/// Levels of a chunk's size: 0 is that of a run's first chunk, each one above or below four times as much or as little.
constexpr int k_most_level = 3;
constexpr int k_least_level = -2;  // where columns change all the time

std::int64_t scaled(std::int64_t first, int level) { return level < 0 ? first >> (-2 * level) : first << (2 * level); }

bool is_variable(const Type& type) {
  if (has_offsets(type.physical)) return true;
  return std::any_of(type.children.begin(), type.children.end(), [](const Field& f) { return is_variable(f.type); });
}

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

void RowWriter::go_on(std::vector<ColumnInfo> columns, std::uint64_t rows,
                      std::function<bool(std::size_t)> beyond_53_bits) {
  for (ColumnInfo& column : columns) add_column(std::move(column));
  total_ = rows;
  stored_beyond_53_bits_ = std::move(beyond_53_bits);
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

/// What the column becomes with the value that waits for it. Throws DataError where it does not fit.
ColumnInfo RowWriter::settled(std::size_t column) const {
  ColumnInfo info = infos_[column];
  const Value& value = cold_[column].value;
  if (!cold_[column].waits || value.is_null()) return info;
  const auto refuse = [&](const std::string& why) {
    throw DataError("row " + std::to_string(total_) + ", column '" + info.name + "': " + why);
  };
  if (info.kind == Kind::null) {
    info.kind = value.kind();
    info.type = type_of(value);
    return info;
  }
  if (info.kind == Kind::integer && value.kind() == Kind::real) {
    if (cold_[column].beyond_53_bits || (stored_beyond_53_bits_ && stored_beyond_53_bits_(column))) {
      refuse(
          "an int64 column that holds integers beyond 2^53 met a float64, which cannot hold them all exactly; return "
          "floats from the start");
    }
    info.kind = Kind::real;
    info.type = type_of(Kind::real);
    return info;
  }
  if (info.kind == Kind::real && value.kind() == Kind::integer) {
    if (!exact_as_real(*value.get_if<std::int64_t>())) {
      refuse("the int64 " + std::to_string(*value.get_if<std::int64_t>()) +
             " is beyond 2^53 and cannot be kept exactly in a float64 column");
    }
    return info;
  }
  if (info.kind != value.kind()) {
    refuse("a column of " + std::string(wheatstone::name_of(info.kind)) + " met a value of " +
           std::string(wheatstone::name_of(value.kind())) +
           "; a column keeps one kind, use another name for the other");
  }
  if (info.kind == Kind::frame) {
    for (const Field& field : type_of(value).children) {
      const auto found = std::find_if(info.type.children.begin(), info.type.children.end(),
                                      [&](const Field& f) { return f.name == field.name; });
      if (found == info.type.children.end())
        info.type.children.push_back(field);
      else if (found->type != field.type) {
        refuse("the frame's column '" + field.name + "' of " +
               std::string(wheatstone::name_of(dtype_of(found->type.children.front().type))) + " met " +
               std::string(wheatstone::name_of(dtype_of(field.type.children.front().type))));
      }
    }
  }
  if (info.kind == Kind::array) {
    if (const Type type = type_of(value); type != info.type) {
      refuse("an array of " +
             std::string(wheatstone::name_of(dtype_of(info.type.children[1].type.children.front().type))) +
             " met one of " +
             std::string(wheatstone::name_of((*value.get_if<std::shared_ptr<const Array>>())->dtype())) +
             "; convert it before returning it");
    }
  }
  return info;
}

std::vector<ColumnInfo> RowWriter::settled_columns() const {
  std::vector<ColumnInfo> columns;
  columns.reserve(infos_.size());
  for (std::size_t c = 0; c < infos_.size(); ++c) columns.push_back(settled(c));
  return columns;
}

std::vector<Extents> RowWriter::needs(const std::vector<ColumnInfo>& columns) const {
  static const Value k_null;
  std::vector<Extents> needs(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (is_variable(columns[c].type)) measure(columns[c].type, cold_[c].waits ? cold_[c].value : k_null, needs[c]);
  }
  return needs;
}

/// True where the value that waits for a column fits the chunk in hand: same type, and room for its variable parts.
bool RowWriter::fits_here(std::size_t c) const {
  const Value& value = cold_[c].value;
  if (value.is_null()) return true;
  const auto& here = chunk_->columns();
  if (c >= here.size()) return false;
  const ColumnInfo& info = here[c];
  if (info.kind == Kind::real && value.kind() == Kind::integer) return exact_as_real(*value.get_if<std::int64_t>());
  if (info.kind != value.kind()) return false;
  if ((info.kind == Kind::array || info.kind == Kind::frame) && type_of(value) != info.type) return false;
  need_.clear();
  measure(info.type, value, need_);
  if (need_.empty()) return true;
  used_.clear();
  room_.clear();
  measure_used(chunk_->nodes()[c], row_, used_);
  measure_room(chunk_->nodes()[c], room_);
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
  for (std::size_t c = 0; c < chunk_->columns().size(); ++c) {
    if (!marked(c) || cold_[c].waits) continue;
    const ColumnInfo& info = chunk_->columns()[c];
    Value value;
    if (info.kind == Kind::real)
      value = chunk_->nodes()[c].value<double>(row_);
    else if (info.kind == Kind::time)
      value = Time{chunk_->nodes()[c].value<std::int64_t>(row_)};
    else
      value = chunk_->nodes()[c].value<std::int64_t>(row_);
    wait(c, std::move(value));
  }
}

/// How large the next chunk is: rows as long as their bytes stay in the budget, both fourfold with each level; room for
/// the variable parts as they were, and for the row in hand in any case.
ChunkRequest RowWriter::plan(const std::vector<ColumnInfo>& columns, const std::vector<Extents>& need) const {
  const std::int64_t most_rows = std::clamp(scaled(k_first_chunk_rows, level_), std::int64_t{1}, k_most_chunk_rows);
  const std::int64_t budget = std::min(scaled(k_first_chunk_bytes, level_), k_most_chunk_bytes);
  double row_bytes = 4;
  std::vector<std::vector<double>> per_row(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    per_row[c] = cold_[c].per_row;
    if (per_row[c].size() != need[c].size()) per_row[c].assign(need[c].begin(), need[c].end());
    const double* extents = per_row[c].data();
    row_bytes += bytes_of(columns[c].type, 1, extents) + 0.125;
  }
  ChunkRequest request{
      columns,
      std::clamp(static_cast<std::int64_t>(static_cast<double>(budget) / row_bytes), std::int64_t{1}, most_rows),
      {},
      schema_};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    Extents room;
    for (std::size_t i = 0; i < need[c].size(); ++i) {
      const double likely =
          request.rows == 1 ? per_row[c][i] : per_row[c][i] * static_cast<double>(request.rows) * 1.25 + 64;
      room.push_back(std::max(need[c][i], static_cast<std::int64_t>(std::ceil(likely))));
    }
    request.room.push_back(std::move(room));
  }
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

void RowWriter::begin_chunk(std::vector<ColumnInfo> columns) {
  const bool same =
      chunk_ != nullptr && columns.size() == chunk_->columns().size() &&
      std::equal(columns.begin(), columns.end(), chunk_->columns().begin(),
                 [](const ColumnInfo& a, const ColumnInfo& b) { return a.kind == b.kind && a.type == b.type; });
  if (!same) ++schema_;
  if (chunk_ != nullptr && row_ < half_) follow_rows();
  const std::vector<Extents> need = needs(columns);
  std::shared_ptr<ChunkWriter> chunk = keeper_.take_prepared(schema_);
  for (std::size_t c = 0; chunk != nullptr && c < columns.size(); ++c) {
    Extents room;
    measure_room(chunk->nodes()[c], room);
    const bool fits = std::equal(need[c].begin(), need[c].end(), room.begin(), [](auto n, auto r) { return n <= r; });
    if (!need[c].empty() && !fits) chunk.reset();
  }
  if (chunk == nullptr) chunk = make(columns, need);
  chunk->adopt(files_, total_, folder_ / chunk_name(total_));
  close();
  infos_ = std::move(columns);
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
  full_.assign((columns.size() + 63) / 64, 0);
  steps_.clear();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Node& node = chunk_->nodes()[c];
    Slot& slot = slots_[c];
    slot.values = const_cast<std::byte*>(node.data);  // the chunk is ours to write
    slot.home = Direct::none;
    if (columns[c].kind == Kind::real) slot.home = Direct::real;
    if (columns[c].kind == Kind::integer || columns[c].kind == Kind::time) slot.home = Direct::word;
    if (!cold_[c].waits) slot.direct = slot.home;
    if (columns[c].kind == Kind::null) continue;
    full_[c >> 6] |= std::uint64_t{1} << (c & 63);
    Check check = Check::tree;
    if (columns[c].kind == Kind::real || columns[c].kind == Kind::time) check = Check::word;
    if (columns[c].kind == Kind::integer) check = Check::integer;
    if (columns[c].kind == Kind::boolean) check = Check::bit;
    steps_.push_back({check, &node, node.data});
  }
}

void RowWriter::write_waiting(const ChunkWriter& chunk, std::int64_t row) const {
  for (const std::size_t c : waiting_) {
    const Value& value = cold_[c].value;
    if (value.is_null()) continue;
    const ColumnInfo& info = chunk.columns()[c];
    const auto* integer = value.get_if<std::int64_t>();
    const bool widens = integer != nullptr && info.kind == Kind::real;
    write_cell(chunk.nodes()[c], info.type, row, widens ? Value(static_cast<double>(*integer)) : value);
  }
}

/// Everything that may fail, before anything of the row is final.
void RowWriter::settle() {
  // Decided here, off the way of most rows: without a chunk, every commit comes by.
  if (ended_) throw ConfigurationError("the run in '" + folder_.string() + "' has ended; a new row needs a new run");
  if (!fits_here()) {
    std::vector<ColumnInfo> columns = settled_columns();
    carry_staged();
    begin_chunk(std::move(columns));
  }
  write_waiting(*chunk_, row_);
}

void RowWriter::put_nulls() {
  for (std::size_t w = 0; w < full_.size(); ++w) {
    for (std::uint64_t missing = full_[w] & ~staged_[w]; missing != 0; missing &= missing - 1) {
      chunk_->put_null(w * 64 + static_cast<std::size_t>(__builtin_ctzll(missing)), row_);
    }
  }
}

template <class Crc>
std::uint32_t RowWriter::check_row() {
  std::uint64_t crc = Crc::word(seed_, total_);
  for (std::size_t w = 0; w < full_.size(); ++w) crc = Crc::word(crc, staged_[w]);
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
        if (word + static_cast<std::uint64_t>(k_exact) > static_cast<std::uint64_t>(2 * k_exact)) [[unlikely]] {
          cold_[static_cast<std::size_t>(step.node - chunk_->nodes().data())].beyond_53_bits = true;
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
  for (std::size_t c = 0; c < chunk_->columns().size(); ++c) {
    Extents used;
    measure_used(chunk_->nodes()[c], row_, used);
    if (used.empty()) continue;
    cold_[c].per_row.assign(used.begin(), used.end());
    for (double& each : cold_[c].per_row) each /= static_cast<double>(row_);
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
    else if (!cold_[c].waits)
      write_cell(chunk->nodes()[c], columns[c].type, 0, read_cell(chunk_->nodes()[c], chunk_->columns()[c], row_));
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
