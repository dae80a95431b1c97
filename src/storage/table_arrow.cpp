// How a table's columns are handed over through the Arrow interface.

#include <algorithm>
#include <bit>

#include "storage/element_type.hpp"
#include "storage/table.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

const Type& values_type(const Type& array) { return array.children[1].type; }

std::span<const std::int64_t> shape_at(const Node& array, std::int64_t row) {
  const Node& shapes = array.children[0];
  const std::int64_t start = shapes.offsets[row];
  const auto* first = reinterpret_cast<const std::int64_t*>(shapes.children.front().data) + start;
  return {first, static_cast<std::size_t>(shapes.offsets[row + 1] - start)};
}

/// An owned, zeroed buffer of Arrow's alignment.
template <class T>
std::pair<std::shared_ptr<const void>, T*> buffer(std::int64_t count) {
  auto memory = std::make_shared<std::vector<T>>(static_cast<std::size_t>(count) + 1);
  T* data = memory->data();
  return {std::move(memory), data};
}

std::shared_ptr<const void> both(std::shared_ptr<const void> a, std::shared_ptr<const void> b) {
  return std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(std::move(a),
                                                                                               std::move(b));
}

ArrayTree widened(const Cells& cells, std::int64_t rows) {
  auto [owner, values] = buffer<double>(rows);
  for (std::int64_t row = 0; row < rows; ++row) values[row] = static_cast<double>(cells.node.value<std::int64_t>(row));
  ArrayTree tree;
  tree.length = rows;
  tree.null_count = count_nulls(cells.node, rows);
  tree.buffers = {tree.null_count != 0 ? cells.node.validity : nullptr, values};
  tree.owner = both(owner, cells.owner);
  return tree;
}

/// The first `count` elements of a segment as the united column has them.
ArrayTree elements(const Node& node, const Type& from, const Type& to, std::int64_t count,
                   const std::shared_ptr<const void>& owner) {
  if (from.physical == to.physical && from.children == to.children) return array_of(node, count, owner);
  if (from.undecided) return nulls_of(to, count);
  const Node& numbers = node.physical == Physical::pair ? node.children.front() : node;
  auto values = converted(dtype_of(from), numbers.data, static_cast<std::size_t>(count), dtype_of(to));
  Node made = node;
  Node& made_numbers = node.physical == Physical::pair ? made.children.front() : made;
  made.physical = to.physical;
  if (to.physical == Physical::pair) made_numbers.physical = to.children.front().type.physical;
  made_numbers.data = static_cast<const std::byte*>(values.get());
  return array_of(made, count, both(std::move(values), owner));
}

/// Lists whose elements are those of the united column.
ArrayTree lists(const Node& list, const Type& from, const Type& to, std::int64_t rows,
                const std::shared_ptr<const void>& owner) {
  ArrayTree tree = array_of(list, rows, owner);
  const std::int64_t count = list.offsets != nullptr ? list.offsets[rows] : 0;
  tree.children.front() = elements(list.children.front(), element_in(from), element_in(to), count, owner);
  return tree;
}

/// A list that is empty in every row.
ArrayTree empty_lists(const Type& list, std::int64_t rows) {
  ArrayTree tree = nulls_of(list, rows);
  tree.null_count = 0;
  tree.buffers.front() = nullptr;
  return tree;
}

}  // namespace

Table::ArrayShape Table::find_shape(std::size_t column) const {
  ArrayShape found{ArrayForm::fixed, {}};
  bool first = true;
  bool flat = true;
  for (std::size_t s = 0; s < segments_->size(); ++s) {
    const Cells here = cells(s, column);
    const std::int64_t rows = rows_of(s);
    if (here.info == nullptr || count_nulls(here.node, rows) != 0) found.form = ArrayForm::list;
    if (here.info == nullptr) continue;
    for (std::int64_t row = 0; row < rows; ++row) {
      if (!here.node.valid(row)) continue;
      const auto shape = shape_at(here.node, row);
      flat = flat && shape.size() == 1;
      if (std::exchange(first, false))
        found.shape.assign(shape.begin(), shape.end());
      else if (!std::equal(shape.begin(), shape.end(), found.shape.begin(), found.shape.end()))
        found.form = ArrayForm::list;
    }
  }
  const bool has_extent = !found.shape.empty() && std::all_of(found.shape.begin(), found.shape.end(),
                                                              [](auto n) { return n > 0 && n <= INT32_MAX; });
  if (found.form == ArrayForm::fixed && !has_extent) found.form = ArrayForm::list;
  if (found.form == ArrayForm::list && !flat) found.form = ArrayForm::record;
  return found;
}

const Table::ArrayShape& Table::shape_of(std::size_t column) const {
  std::call_once(shapes_found_, [&] {
    shapes_.resize(united_.size());
    for (std::size_t c = 0; c < united_.size(); ++c) {
      if (united_[c].info.kind == Kind::array) shapes_[c] = find_shape(c);
    }
  });
  return shapes_[column];
}

SchemaTree Table::schema_of_column(std::size_t c) const {
  const ColumnInfo& info = united_[c].info;
  SchemaTree tree = schema_of(info.type, info.name);
  if (info.kind == Kind::array) {
    const ArrayShape& shape = shape_of(c);
    if (shape.form == ArrayForm::list) tree = schema_of(values_type(info.type), info.name);
    if (shape.form == ArrayForm::fixed) {
      tree = schema_of(element_in_array(info.type), "item");
      for (auto extent = shape.shape.rbegin(); extent != shape.shape.rend(); ++extent) {
        tree = SchemaTree{"+w:" + std::to_string(*extent), "item", {}, {std::move(tree)}};
      }
      tree.name = info.name;
    }
    tree.metadata.emplace_back("dtype", wheatstone::name_of(dtype_of(element_in_array(info.type))));
  }
  tree.metadata.emplace_back("kind", wheatstone::name_of(info.kind));
  tree.metadata.emplace_back("role", name_of(info.role));
  if (!info.unit.empty()) tree.metadata.emplace_back("unit", info.unit.label());
  if (!info.notes.empty()) tree.metadata.emplace_back("notes", info.notes);
  return tree;
}

ArrayTree Table::array_of_arrays(const Cells& cells, const Type& type, const ArrayShape& shape,
                                 std::int64_t rows) const {
  const Node& values = cells.node.children[1];
  if (shape.form == ArrayForm::record) {
    ArrayTree record = array_of(cells.node, rows, cells.owner);
    record.children[1] = lists(values, values_type(cells.info->type), values_type(type), rows, cells.owner);
    return record;
  }
  if (shape.form == ArrayForm::list) {
    Node list = values;
    list.validity = cells.node.validity;
    return lists(list, values_type(cells.info->type), values_type(type), rows, cells.owner);
  }
  const auto level = [](std::int64_t length) {
    ArrayTree tree;
    tree.length = length;
    tree.buffers = {nullptr};
    return tree;
  };
  std::vector<ArrayTree> levels;
  std::int64_t length = rows;
  for (const std::int64_t extent : shape.shape) {
    levels.push_back(level(length));
    length *= extent;
  }
  ArrayTree tree = elements(values.children.front(), element_in_array(cells.info->type), element_in_array(type), length,
                            cells.owner);
  for (auto outer = levels.rbegin(); outer != levels.rend(); ++outer) {
    outer->children.push_back(std::move(tree));
    tree = std::move(*outer);
  }
  return tree;
}

ArrayTree Table::array_of_frames(const Cells& cells, const Type& type, std::int64_t rows) const {
  ArrayTree tree = array_of(cells.node, rows, cells.owner);
  std::vector<ArrayTree> children;
  for (const Field& field : type.children) {
    const auto& mine = cells.info->type.children;
    const auto found = std::find_if(mine.begin(), mine.end(), [&](const Field& f) { return f.name == field.name; });
    const auto at = static_cast<std::size_t>(found - mine.begin());
    children.push_back(found == mine.end()
                           ? empty_lists(field.type, rows)
                           : lists(cells.node.children[at], found->type, field.type, rows, cells.owner));
  }
  tree.children = std::move(children);
  return tree;
}

ArrayTree Table::array_of_column(std::size_t s, std::size_t c) const {
  const ColumnInfo& info = united_[c].info;
  const std::int64_t rows = rows_of(s);
  const Cells here = cells(s, c);
  if (info.kind == Kind::array) {
    const ArrayShape& shape = shape_of(c);
    if (here.info == nullptr) return nulls_of(shape.form == ArrayForm::list ? values_type(info.type) : info.type, rows);
    return array_of_arrays(here, info.type, shape, rows);
  }
  if (here.info == nullptr) return nulls_of(info.type, rows);
  if (info.kind == Kind::real && here.info->kind == Kind::integer) return widened(here, rows);
  if (info.kind == Kind::frame) return array_of_frames(here, info.type, rows);
  return array_of(here.node, rows, here.owner);
}

SchemaTree Table::schema() const {
  SchemaTree tree{"+s"};
  for (std::size_t c = 0; c < united_.size(); ++c) tree.children.push_back(schema_of_column(c));
  return tree;
}

ArrayTree Table::batch(std::size_t segment) const {
  std::vector<ArrayTree> columns;
  for (std::size_t c = 0; c < united_.size(); ++c) columns.push_back(array_of_column(segment, c));
  return batch_of(std::move(columns), rows_of(segment));
}

}  // namespace wheatstone::storage
