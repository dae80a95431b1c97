#include <memory>

#include "storage/node.hpp"

namespace wheatstone::storage {
namespace {

std::string text_at(const Node& node, std::int64_t i) {
  const std::int64_t start = node.offsets[i];
  const auto size = static_cast<std::size_t>(node.offsets[i + 1] - start);
  std::string text(size, '\0');
  if (size != 0) std::memcpy(text.data(), node.data + start, size);
  return text;
}

std::shared_ptr<const void> elements(const Node& child, DType dtype, std::int64_t start, std::int64_t count) {
  const auto n = static_cast<std::size_t>(count);
  if (dtype == DType::text) {
    auto texts = std::make_shared<std::vector<std::string>>(n);
    for (std::size_t i = 0; i < n; ++i) (*texts)[i] = text_at(child, start + static_cast<std::int64_t>(i));
    return {texts, texts->data()};
  }
  const std::size_t width = size_of(dtype);
  auto bytes = std::make_shared<std::vector<std::byte>>(n * width);
  if (dtype == DType::boolean) {
    for (std::size_t i = 0; i < n; ++i)
      (*bytes)[i] = static_cast<std::byte>(child.bit(start + static_cast<std::int64_t>(i)));
  } else if (n != 0) {
    const Node& values = child.physical == Physical::pair ? child.children.front() : child;
    std::memcpy(bytes->data(), values.data + static_cast<std::size_t>(start) * width, n * width);
  }
  return {bytes, bytes->data()};
}

Array list_at(const Node& list, const Type& type, std::int64_t row, std::vector<std::size_t> shape = {}) {
  const std::int64_t start = list.offsets[row];
  const std::int64_t count = list.offsets[row + 1] - start;
  const DType dtype = dtype_of(type.children.front().type);
  if (shape.empty()) shape.push_back(static_cast<std::size_t>(count));
  Array array(dtype, std::move(shape), elements(list.children.front(), dtype, start, count));
  const Node& child = list.children.front();
  if (child.validity == nullptr) return array;
  std::vector<std::uint8_t> present(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) present[static_cast<std::size_t>(i)] = child.valid(start + i) ? 1 : 0;
  return array.with_missing(std::move(present));
}

Array array_at(const Node& node, const Type& type, std::int64_t row) {
  const Node& shapes = node.children[0];
  std::vector<std::size_t> shape;
  for (std::int64_t i = shapes.offsets[row]; i < shapes.offsets[row + 1]; ++i) {
    shape.push_back(static_cast<std::size_t>(shapes.children.front().value<std::int64_t>(i)));
  }
  if (!shape.empty()) return list_at(node.children[1], type.children[1].type, row, std::move(shape));
  const Array flat = list_at(node.children[1], type.children[1].type, row);
  return Array(flat.dtype(), {}, flat.owner());
}

Waveform waveform_at(const Node& node, const ColumnInfo& column, std::int64_t row) {
  const Array samples = list_at(node.children[2], column.type.children[2].type, row);
  const auto* first = static_cast<const double*>(samples.data());
  return Waveform{node.children[0].value<double>(row), node.children[1].value<double>(row),
                  std::vector<double>(first, first + samples.element_count()), column.unit};
}

/// A frame that lacked a column of the others stored it empty; it is left out again.
Frame frame_at(const Node& node, const Type& type, std::int64_t row) {
  Frame frame;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    Array column = list_at(node.children[i], type.children[i].type, row);
    longest = std::max(longest, column.element_count());
    frame.columns.emplace_back(type.children[i].name, std::move(column));
  }
  if (longest != 0) std::erase_if(frame.columns, [](const auto& c) { return c.second.element_count() == 0; });
  return frame;
}

}  // namespace

Value read_cell(const Node& node, const ColumnInfo& column, std::int64_t row) {
  using Kind = Value::Kind;
  if (column.kind == Kind::null || !node.valid(row)) return {};
  Value value;
  switch (column.kind) {
    case Kind::null:
      return {};
    case Kind::boolean:
      value = node.bit(row);
      break;
    case Kind::integer:
      value = node.value<std::int64_t>(row);
      break;
    case Kind::real:
      value = node.value<double>(row);
      break;
    case Kind::time:
      value = Time{node.value<std::int64_t>(row)};
      break;
    case Kind::complex:
      value = std::complex<double>(node.children[0].value<double>(row), node.children[1].value<double>(row));
      break;
    case Kind::text:
      value = text_at(node, row);
      break;
    case Kind::bytes: {
      const auto* start = node.data + node.offsets[row];
      value = Bytes(start, start + (node.offsets[row + 1] - node.offsets[row]));
      break;
    }
    case Kind::array:
      value = array_at(node, column.type, row);
      break;
    case Kind::waveform:
      value = waveform_at(node, column, row);
      break;
    case Kind::frame:
      value = frame_at(node, column.type, row);
      break;
  }
  value.set_unit(column.unit);
  return value;
}

}  // namespace wheatstone::storage
