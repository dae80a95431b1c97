// Columns read where they lie, batch by batch.

#include <type_traits>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include "storage/arrow_tree.hpp"
#include "storage/experiment_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using Kind = Value::Kind;
using storage::Cells;
using storage::Table;

template <class T>
constexpr Kind k_kind = std::is_same_v<T, double> ? Kind::real
                        : std::is_same_v<T, Time> ? Kind::time
                                                  : Kind::integer;

/// Values of a batch's own, where no file holds them: each null, or ints as floats.
template <class T>
struct OwnedBatch {
  std::vector<T> values;
  std::vector<std::uint8_t> validity = {};
  Cells cells = {};  ///< keeps validity that lies in the file
};

template <class T>
ColumnBatch<T> all_null(std::size_t first_row, std::size_t rows) {
  const auto owned = std::make_shared<OwnedBatch<T>>();
  owned->values.resize(rows);
  owned->validity.resize(rows / 8 + 1);
  return {first_row, owned->values, owned->validity.data(), owned};
}

ColumnBatch<double> converted(std::size_t first_row, std::size_t rows, const Cells& cells) {
  const auto owned = std::make_shared<OwnedBatch<double>>();
  owned->cells = cells;
  owned->values.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i)
    owned->values.push_back(static_cast<double>(cells.node.value<std::int64_t>(static_cast<std::int64_t>(i))));
  return {first_row, owned->values, cells.node.validity, owned};
}

template <class T>
ColumnBatch<T> batch_of(const Table& table, std::size_t index, std::string_view name) {
  static_assert(sizeof(T) == 8);
  const std::size_t place = table.place_of(name);
  const Kind kind = table.kind_of(place);
  if (kind != k_kind<T> && kind != Kind::null) {
    throw DataError("the column '" + std::string(name) + "' holds " + std::string(name_of(kind)) +
                    " and was asked for as " + std::string(name_of(k_kind<T>)) + "; ask for what it holds");
  }
  if (index >= table.segment_count()) {
    throw DataError("there is no batch " + std::to_string(index) + "; the table has " +
                    std::to_string(table.segment_count()));
  }
  const auto first_row = static_cast<std::size_t>(table.first_row_of(index));
  const auto rows = static_cast<std::size_t>(table.rows_of(index));
  const Cells cells = table.cells(index, place);
  if (cells.info == nullptr) return all_null<T>(first_row, rows);
  ColumnBatch<T> batch;
  if constexpr (std::is_same_v<T, double>) {
    if (cells.info->kind == Kind::integer) batch = converted(first_row, rows, cells);
  }
  if (batch.owner == nullptr) {
    // Aligned to 8 in chunks and parts; Time is its nanoseconds.
    batch = {first_row, {reinterpret_cast<const T*>(cells.node.data), rows}, cells.node.validity, cells.owner};
  }
  if (storage::count_nulls(cells.node, static_cast<std::int64_t>(rows)) == 0) batch.validity = nullptr;
  return batch;
}

}  // namespace

std::size_t Experiment::batch_count() const { return state_->table->segment_count(); }

template <>
ColumnBatch<double> Experiment::batch<double>(std::size_t index, std::string_view column) const {
  return batch_of<double>(*state_->table, index, column);
}

template <>
ColumnBatch<std::int64_t> Experiment::batch<std::int64_t>(std::size_t index, std::string_view column) const {
  return batch_of<std::int64_t>(*state_->table, index, column);
}

template <>
ColumnBatch<Time> Experiment::batch<Time>(std::size_t index, std::string_view column) const {
  return batch_of<Time>(*state_->table, index, column);
}

}  // namespace v1
}  // namespace wheatstone
