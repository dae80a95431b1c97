// Whole columns as vectors.

#include <cmath>
#include <cstring>
#include <limits>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include "storage/experiment_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using Kind = Value::Kind;
using storage::Cells;
using storage::Table;

[[noreturn]] void refuse(std::string_view column, std::uint64_t row, std::string_view is, std::string_view wanted) {
  throw DataError("the column '" + std::string(column) + "' cannot be read as " + std::string(wanted) + ": row " +
                  std::to_string(row) + " holds " + std::string(is));
}

/// Copies the cells of every segment by `read`(cells, row); null cells become `null` where there is one, else an error.
template <class T, class Read>
std::vector<T> collect(const Table& table, std::string_view name, std::string_view wanted, const T* null, Read read) {
  const std::size_t place = table.place_of(name);
  std::vector<T> out;
  out.reserve(table.row_count());
  for (std::size_t s = 0; s < table.segment_count(); ++s) {
    const Cells cells = table.cells(s, place);
    for (std::int64_t row = 0; row < table.rows_of(s); ++row) {
      const bool valid = cells.info != nullptr && cells.node.valid(row);
      if (!valid && null == nullptr) refuse(name, out.size(), "null", wanted);
      out.push_back(valid ? read(cells, row) : *null);
    }
  }
  return out;
}

/// Refuses at the first segment of another kind.
void require_kind(const Cells& cells, Kind kind, std::string_view name, std::string_view wanted, std::int64_t row) {
  if (cells.info->kind != kind)
    refuse(name, static_cast<std::uint64_t>(row), wheatstone::name_of(cells.info->kind), wanted);
}

double number_at(const Cells& cells, std::int64_t row, std::string_view name) {
  switch (cells.info->kind) {
    case Kind::real:
      return cells.node.value<double>(row);
    case Kind::integer:
      return static_cast<double>(cells.node.value<std::int64_t>(row));
    case Kind::boolean:
      return cells.node.bit(row) ? 1 : 0;
    default:
      refuse(name, static_cast<std::uint64_t>(row), wheatstone::name_of(cells.info->kind), "float64");
  }
}

}  // namespace

template <>
std::vector<double> Experiment::column<double>(std::string_view name) const {
  const Table& table = *state_->table;
  const std::size_t place = table.place_of(name);
  std::vector<double> out;
  out.reserve(table.row_count());
  for (std::size_t s = 0; s < table.segment_count(); ++s) {
    const Cells cells = table.cells(s, place);
    const std::int64_t rows = table.rows_of(s);
    if (cells.info != nullptr && cells.info->kind == Kind::real && storage::count_nulls(cells.node, rows) == 0) {
      const auto* values = reinterpret_cast<const double*>(cells.node.data);  // aligned to 8 in chunks and parts
      out.insert(out.end(), values, values + rows);
      continue;
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      const bool valid = cells.info != nullptr && cells.node.valid(row);
      out.push_back(valid ? number_at(cells, row, name) : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return out;
}

template <>
std::vector<std::int64_t> Experiment::column<std::int64_t>(std::string_view name) const {
  return collect<std::int64_t>(*state_->table, name, "int64", nullptr,
                               [&](const Cells& cells, std::int64_t row) -> std::int64_t {
                                 if (cells.info->kind == Kind::boolean) return cells.node.bit(row) ? 1 : 0;
                                 require_kind(cells, Kind::integer, name, "int64", row);
                                 return cells.node.value<std::int64_t>(row);
                               });
}

template <>
std::vector<bool> Experiment::column<bool>(std::string_view name) const {
  return collect<bool>(*state_->table, name, "bool", nullptr, [&](const Cells& cells, std::int64_t row) {
    require_kind(cells, Kind::boolean, name, "bool", row);
    return cells.node.bit(row);
  });
}

template <>
std::vector<std::string> Experiment::column<std::string>(std::string_view name) const {
  return collect<std::string>(*state_->table, name, "text", nullptr, [&](const Cells& cells, std::int64_t row) {
    require_kind(cells, Kind::text, name, "text", row);
    return *storage::read_cell(cells.node, *cells.info, row).get_if<std::string>();
  });
}

template <>
std::vector<std::complex<double>> Experiment::column<std::complex<double>>(std::string_view name) const {
  return collect<std::complex<double>>(*state_->table, name, "complex", nullptr,
                                       [&](const Cells& cells, std::int64_t row) {
                                         if (cells.info->kind != Kind::complex)
                                           return std::complex<double>(number_at(cells, row, name));
                                         return std::complex<double>(cells.node.children[0].value<double>(row),
                                                                     cells.node.children[1].value<double>(row));
                                       });
}

template <>
std::vector<Time> Experiment::column<Time>(std::string_view name) const {
  return collect<Time>(*state_->table, name, "time", nullptr, [&](const Cells& cells, std::int64_t row) {
    require_kind(cells, Kind::time, name, "time", row);
    return Time{cells.node.value<std::int64_t>(row)};
  });
}

}  // namespace v1
}  // namespace wheatstone
