#include "storage/stored_rows.hpp"

#include <algorithm>

#include "storage/table.hpp"

namespace wheatstone::storage {

StoredRows::StoredRows(std::shared_ptr<const std::vector<Segment>> segments, std::vector<ColumnInfo> columns)
    : results_(std::make_unique<Table>(segments, TableView::results)),
      timing_(std::make_unique<Table>(segments, TableView::timing)),
      columns_(std::move(columns)) {
  for (const ColumnInfo& column : columns_) {
    Table& table = column.role == ColumnRole::timing ? *timing_ : *results_;
    const std::string_view name = shown_name(column);
    table.set_unit(name, column.unit);
    Place place{&table, table.place_of(name)};
    const std::optional<std::size_t> beside = find(column.name + "_uncertainty");
    if (beside && columns_[*beside].role == ColumnRole::uncertainty) place.uncertainty = beside;
    places_.push_back(place);
  }
}

StoredRows::~StoredRows() = default;
StoredRows::StoredRows(StoredRows&&) noexcept = default;
StoredRows& StoredRows::operator=(StoredRows&&) noexcept = default;

std::uint64_t StoredRows::row_count() const { return results_->row_count(); }

std::optional<std::size_t> StoredRows::find(std::string_view name) const {
  auto found = std::ranges::find(columns_, name, &ColumnInfo::name);
  if (found == columns_.end() && name.starts_with(k_timing_prefix)) {  // of a build before they had it
    name.remove_prefix(k_timing_prefix.size());
    found = std::ranges::find_if(
        columns_, [&](const ColumnInfo& column) { return column.role == ColumnRole::timing && column.name == name; });
  }
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

Value StoredRows::at(std::uint64_t row, std::size_t column) const {
  const Place& place = places_[column];
  Value value = place.table->at(row, place.column);
  if (!place.uncertainty || value.kind() != Value::Kind::real) return value;
  const Place& beside = places_[*place.uncertainty];
  const Value uncertainty = beside.table->at(row, beside.column);
  const double* number = uncertainty.get_if<double>();
  if (number == nullptr) return value;
  return Value::measured(*value.get_if<double>(), value.unit(), *number);
}

Row StoredRows::row(std::uint64_t row) const {
  Row cells;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].role == ColumnRole::timing || columns_[c].role == ColumnRole::uncertainty) continue;
    if (Value value = at(row, c); !value.is_null()) cells.push_back({columns_[c].name, std::move(value)});
  }
  return cells;
}

}  // namespace wheatstone::storage
