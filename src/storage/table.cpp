#include "storage/table.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "storage/element_type.hpp"

namespace wheatstone::storage {
namespace {

/// The type of a column's cells in two files; none where these do not belong together.
std::optional<Type> united_type(const ColumnInfo& a, const ColumnInfo& b) {
  using Kind = Value::Kind;
  if (a.kind == Kind::real && b.kind == Kind::integer) return a.type;
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == Kind::array) return united_arrays(a.type, b.type);
  if (a.kind == Kind::frame) return united_frames(a.type, b.type);
  return a.type;
}

void unite_column(ColumnInfo& all, const ColumnInfo& more, const std::string& file) {
  using Kind = Value::Kind;
  if (!more.unit.empty()) all.unit = more.unit;
  if (!more.notes.empty()) all.notes = more.notes;
  if (more.kind == Kind::null) return;
  if (all.kind == Kind::null || (all.kind == Kind::integer && more.kind == Kind::real)) {
    all.kind = more.kind;
    all.type = more.type;
  } else if (std::optional<Type> type = united_type(all, more)) {
    all.type = *std::move(type);
  } else {
    throw StorageError("the column '" + all.name + "' has another type in '" + file +
                       "' than before; the files do not belong together");
  }
}

ColumnInfo timing_column(std::string name) {
  ColumnInfo info;
  info.name = std::move(name);
  info.kind = Value::Kind::integer;
  info.role = ColumnRole::timing;
  info.type = type_of(Value::Kind::integer);
  return info;
}

const ColumnInfo& computed_info() {
  static const ColumnInfo k_info = timing_column("computed");
  return k_info;
}

Cells over(std::shared_ptr<std::vector<std::int64_t>> values) {
  Cells cells;
  cells.info = &computed_info();
  cells.node.physical = Physical::int64;
  cells.node.capacity = static_cast<std::int64_t>(values->size());
  cells.node.data = reinterpret_cast<const std::byte*>(values->data());
  cells.owner = std::move(values);
  return cells;
}

}  // namespace

std::vector<ColumnInfo> united_columns(const std::vector<Segment>& segments) {
  std::vector<ColumnInfo> columns;
  std::unordered_map<std::string, std::size_t> places;
  const std::vector<ColumnInfo>* previous = nullptr;
  for (const Segment& segment : segments) {
    if (segment.columns.get() == previous) continue;
    previous = segment.columns.get();
    for (const ColumnInfo& info : *segment.columns) {
      const auto [found, is_new] = places.try_emplace(info.name, columns.size());
      if (is_new)
        columns.push_back(info);
      else
        unite_column(columns[found->second], info, segment.file);
    }
  }
  std::ranges::sort(columns, {}, &ColumnInfo::number);
  return columns;
}

Table::Table(std::shared_ptr<const std::vector<Segment>> segments, TableView view) : segments_(std::move(segments)) {
  for (const Segment& segment : *segments_) {
    starts_.push_back(row_count_);
    row_count_ += static_cast<std::uint64_t>(segment.row_count);
  }
  unite(view);
  if (view == TableView::timing) add_timing();
  show();
}

Table::Table(std::vector<ColumnInfo> columns) : segments_(std::make_shared<const std::vector<Segment>>()) {
  for (ColumnInfo& info : columns) united_.push_back(United{std::move(info)});
  show();
}

void Table::show() {
  for (const United& column : united_) {
    const ColumnInfo& info = column.info;
    shown_.push_back(Column{info.name, std::string(wheatstone::name_of(info.kind)), info.unit,
                            std::string(name_of(info.role)), info.notes});
  }
}

Table::Table(const Table& all, const std::vector<std::size_t>& places)
    : segments_(all.segments_), starts_(all.starts_), row_count_(all.row_count_) {
  for (const std::size_t place : places) {
    united_.push_back(all.united_[place]);
    shown_.push_back(all.shown_[place]);
  }
}

void Table::let_go(std::size_t segment) const {
  if (const std::shared_ptr<io::Mapping>& mapping = (*segments_)[segment].mapping) mapping->let_go();
}

void Table::unite(TableView view) {
  std::unordered_map<std::string_view, std::size_t> places;
  const std::vector<ColumnInfo>* previous = nullptr;
  for (std::size_t s = 0; s < segments_->size(); ++s) {
    const Segment& segment = (*segments_)[s];
    if (segment.columns.get() == previous) {
      for (United& column : united_) column.in_segment.push_back(column.in_segment.back());
      continue;
    }
    previous = segment.columns.get();
    for (std::size_t c = 0; c < segment.columns->size(); ++c) {
      const ColumnInfo& info = (*segment.columns)[c];
      if ((info.role == ColumnRole::timing) != (view == TableView::timing)) continue;
      const auto [found, is_new] = places.try_emplace(info.name, united_.size());
      if (is_new) {
        united_.push_back(United{info});
        united_.back().info.name = shown_name(info);
      } else {
        unite_column(united_[found->second].info, info, segment.file);
      }
      United& column = united_[found->second];
      column.in_segment.resize(s, -1);
      column.in_segment.push_back(static_cast<std::int32_t>(c));
    }
    for (United& column : united_) column.in_segment.resize(s + 1, -1);
  }
  std::stable_sort(united_.begin(), united_.end(), [](const United& a, const United& b) {
    return a.info.group != b.info.group ? a.info.group < b.info.group : a.info.number < b.info.number;
  });
}

void Table::add_timing() {
  const auto has = [&](std::string_view name) {
    return std::any_of(united_.begin(), united_.end(), [&](const United& column) { return column.info.name == name; });
  };
  const std::vector<std::int32_t> nowhere(segments_->size(), -1);
  if (!has("index")) united_.push_back(United{timing_column("index"), Source::row_number, nowhere});
  if (!has("lateness") && has("scheduled") && has("started")) {
    united_.push_back(United{timing_column("lateness"), Source::lateness, united_[place_of("started")].in_segment,
                             united_[place_of("scheduled")].in_segment});
  }
  constexpr std::array<std::string_view, 7> k_order = {"index",    "slot",     "scheduled", "started",
                                                       "finished", "lateness", "missed"};
  const auto rank = [&](const United& column) {
    return std::find(k_order.begin(), k_order.end(), column.info.name) - k_order.begin();
  };
  std::stable_sort(united_.begin(), united_.end(), [&](const United& a, const United& b) { return rank(a) < rank(b); });
}

void Table::set_unit(std::string_view column, Unit unit) {
  for (std::size_t c = 0; c < united_.size(); ++c) {
    if (united_[c].info.name != column) continue;
    united_[c].info.unit = unit;
    shown_[c].unit = unit;
  }
}

std::size_t Table::place_of(std::string_view column) const {
  for (std::size_t c = 0; c < united_.size(); ++c) {
    if (united_[c].info.name == column) return c;
  }
  std::vector<std::string> names;
  for (const United& each : united_) names.push_back(each.info.name);
  const std::vector<std::string> near = base::nearest(column, names);
  std::string message = "there is no column '" + std::string(column) + "'";
  if (!near.empty())
    message += "; did you mean " + base::listed(near) + "?";
  else if (!names.empty())
    message += "; the columns are " + base::listed(names, "and");
  throw DataError(message);
}

Cells Table::stored(std::size_t s, std::int32_t at) const {
  if (at < 0) return {};
  const Segment& segment = (*segments_)[s];
  const auto c = static_cast<std::size_t>(at);
  if ((*segment.columns)[c].kind == Value::Kind::null) return {};
  segment.require_whole(c);
  return Cells{segment.nodes[c], &(*segment.columns)[c], segment.owner};
}

Cells Table::computed(const Segment& segment, std::size_t s, const United& column) const {
  auto values = std::make_shared<std::vector<std::int64_t>>(static_cast<std::size_t>(segment.row_count));
  if (column.source == Source::row_number) {
    for (std::size_t i = 0; i < values->size(); ++i) (*values)[i] = static_cast<std::int64_t>(segment.first_row + i);
    return over(std::move(values));
  }
  const Cells scheduled = stored(s, column.scheduled[s]);
  const Cells started = stored(s, column.in_segment[s]);
  if (scheduled.info == nullptr || started.info == nullptr) return {};
  for (std::size_t i = 0; i < values->size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    (*values)[i] = started.node.value<std::int64_t>(row) - scheduled.node.value<std::int64_t>(row);
  }
  Cells cells = over(std::move(values));
  cells.node.validity = started.node.validity;  // both are null where a row has no times
  cells.owner =
      std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(cells.owner, started.owner);
  return cells;
}

Cells Table::cells(std::size_t segment, std::size_t column) const {
  const United& united = united_[column];
  return united.source == Source::stored ? stored(segment, united.in_segment[segment])
                                         : computed((*segments_)[segment], segment, united);
}

Value Table::at(std::uint64_t row, std::size_t column) const {
  if (row >= row_count_) {
    throw DataError("there is no row " + std::to_string(row) + "; the table has " + std::to_string(row_count_) +
                    " rows");
  }
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), row);
  const auto segment = static_cast<std::size_t>(after - starts_.begin()) - 1;
  const United& united = united_[column];
  if (united.source == Source::row_number) return Value((*segments_)[segment].first_row + (row - starts_[segment]));
  return value(cells(segment, column), column, static_cast<std::int64_t>(row - starts_[segment]));
}

Value Table::value(const Cells& cells, std::size_t column, std::int64_t row_in_segment) const {
  if (cells.info == nullptr) return {};
  const United& united = united_[column];
  Value value = read_cell(cells.node, *cells.info, row_in_segment);
  if (value.is_null()) return value;
  value = fitted(united.info, std::move(value));
  value.set_unit(united.info.unit);
  return value;
}

}  // namespace wheatstone::storage
