#include <algorithm>
#include <array>

#include "storage/node.hpp"

namespace wheatstone::storage {
namespace {

/// Nodes are read through const pointers everywhere; only the writer of a chunk comes here, and it owns the memory.
template <class T>
T* ours(const T* memory) {
  return const_cast<T*>(memory);
}

template <class T>
void put(const Node& node, std::int64_t i, T value) {
  std::memcpy(ours(node.data) + i * static_cast<std::int64_t>(sizeof(T)), &value, sizeof(T));
}

void put_bit(const Node& node, std::int64_t i, bool value) {
  std::byte& byte = ours(node.data)[i >> 3];
  const auto mask = static_cast<std::byte>(1U << (i & 7));
  byte = value ? byte | mask : byte & ~mask;
}

/// Bytes before their offset, so that an offset never points at what is not there.
void put_bytes(const Node& node, std::int64_t i, const void* data, std::size_t size) {
  const std::int64_t start = node.offsets[i];
  if (size != 0) std::memcpy(ours(node.data) + start, data, size);
  ours(node.offsets)[i + 1] = start + static_cast<std::int64_t>(size);
}

void put_elements(const Node& child, std::int64_t start, DType dtype, const void* data, std::int64_t count) {
  if (count == 0) return;
  if (dtype == DType::text) {
    const auto* texts = static_cast<const std::string*>(data);
    for (std::int64_t i = 0; i < count; ++i) put_bytes(child, start + i, texts[i].data(), texts[i].size());
  } else if (dtype == DType::boolean) {
    const auto* flags = static_cast<const std::uint8_t*>(data);
    for (std::int64_t i = 0; i < count; ++i) put_bit(child, start + i, flags[i] != 0);
  } else {
    const Node& values = child.physical == Physical::pair ? child.children.front() : child;
    const auto width = static_cast<std::int64_t>(size_of(dtype));
    std::memcpy(ours(values.data) + start * width, data, static_cast<std::size_t>(count * width));
  }
}

void put_validity(const Node& node, std::int64_t i, bool valid) {
  std::uint8_t& byte = ours(node.validity)[i >> 3];
  const auto mask = static_cast<std::uint8_t>(1U << (i & 7));
  byte = static_cast<std::uint8_t>(valid ? byte | mask : byte & ~mask);
}

/// Bits of missing elements are written with each element: a row that was given up may have left others there.
void put_validity(const Node& child, std::int64_t start, const std::uint8_t* present, std::size_t count) {
  if (child.validity == nullptr) return;
  for (std::size_t i = 0; i < count; ++i)
    put_validity(child, start + static_cast<std::int64_t>(i), present == nullptr || present[i] != 0);
}

void put_list(const Node& list, std::int64_t row, DType dtype, const void* data, std::size_t count,
              const std::uint8_t* present = nullptr) {
  const std::int64_t start = list.offsets[row];
  put_validity(list.children.front(), start, present, count);
  put_elements(list.children.front(), start, dtype, data, static_cast<std::int64_t>(count));
  ours(list.offsets)[row + 1] = start + static_cast<std::int64_t>(count);
}

void put_array(const Node& node, std::int64_t row, const Array& array) {
  const std::vector<std::int64_t> shape(array.shape().begin(), array.shape().end());
  put_list(node.children[0], row, DType::int64, shape.data(), shape.size());
  put_list(node.children[1], row, array.dtype(), array.data(), array.element_count());
}

void put_waveform(const Node& node, std::int64_t row, const Waveform& waveform) {
  put(node.children[0], row, waveform.t0);
  put(node.children[1], row, waveform.dt);
  put_list(node.children[2], row, DType::float64, waveform.samples.data(), waveform.samples.size());
}

const Array* column_of(const Frame& frame, std::string_view name) {
  const auto found =
      std::find_if(frame.columns.begin(), frame.columns.end(), [&](const auto& c) { return c.first == name; });
  return found == frame.columns.end() ? nullptr : &found->second;
}

void put_frame(const Node& node, const Type& type, std::int64_t row, const Frame& frame) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Array* column = column_of(frame, type.children[i].name);
    if (column == nullptr) {
      put_list(node.children[i], row, DType::float64, nullptr, 0);
    } else {
      put_list(node.children[i], row, column->dtype(), column->data(), column->element_count(), column->present());
    }
  }
}

void put_nothing(const Node& node, std::int64_t row) {
  if (has_offsets(node.physical)) {
    ours(node.offsets)[row + 1] = node.offsets[row];
  } else if (node.physical == Physical::record) {
    for (const Node& child : node.children) put_nothing(child, row);
  } else if (node.physical == Physical::bit) {
    put_bit(node, row, false);
  } else if (const std::size_t width = width_of(node.physical); width != 0) {
    std::memset(ours(node.data) + row * static_cast<std::int64_t>(width), 0, width);
  }
}

void measure_elements(const Type& element, const void* data, std::size_t count, Extents& out) {
  out.push_back(static_cast<std::int64_t>(count));
  if (element.physical != Physical::text) return;
  const auto* texts = static_cast<const std::string*>(data);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += texts[i].size();
  out.push_back(static_cast<std::int64_t>(bytes));
}

void measure_nothing(const Type& type, Extents& out) {
  if (has_offsets(type.physical)) out.push_back(0);
  for (const Field& child : type.children) measure_nothing(child.type, out);
}

const Type& element_of(const Type& list) { return list.children.front().type; }

}  // namespace

void measure(const Type& type, const Value& value, Extents& out) {
  if (const auto* text = value.get_if<std::string>()) {
    out.push_back(static_cast<std::int64_t>(text->size()));
  } else if (const auto* bytes = value.get_if<Bytes>()) {
    out.push_back(static_cast<std::int64_t>(bytes->size()));
  } else if (const auto* array = value.get_if<std::shared_ptr<const Array>>()) {
    out.push_back(static_cast<std::int64_t>((*array)->shape().size()));
    measure_elements(element_of(type.children[1].type), (*array)->data(), (*array)->element_count(), out);
  } else if (const auto* waveform = value.get_if<std::shared_ptr<const Waveform>>()) {
    out.push_back(static_cast<std::int64_t>((*waveform)->samples.size()));
  } else if (const auto* frame = value.get_if<std::shared_ptr<const Frame>>()) {
    for (const Field& field : type.children) {
      const Array* column = column_of(**frame, field.name);
      if (column == nullptr) {
        measure_nothing(field.type, out);
      } else {
        measure_elements(element_of(field.type), column->data(), column->element_count(), out);
      }
    }
  } else {
    measure_nothing(type, out);
  }
}

void measure_used(const Node& node, std::int64_t row, Extents& out) {
  std::int64_t below = row;
  if (has_offsets(node.physical)) {
    below = node.offsets[row];
    out.push_back(below);
  }
  for (const Node& child : node.children) measure_used(child, below, out);
}

void measure_room(const Node& node, Extents& out) {
  if (node.physical == Physical::list)
    out.push_back(node.children.front().capacity);
  else if (has_offsets(node.physical))
    out.push_back(node.byte_capacity);
  for (const Node& child : node.children) measure_room(child, out);
}

void write_cell(const Node& node, const Type& type, std::int64_t row, const Value& value) {
  using Kind = Value::Kind;
  const auto& content = value.content();
  switch (value.kind()) {
    case Kind::null:
      return put_nothing(node, row);
    case Kind::boolean:
      return put_bit(node, row, std::get<bool>(content));
    case Kind::integer:
      return put(node, row, std::get<std::int64_t>(content));
    case Kind::real:
      return put(node, row, std::get<double>(content));
    case Kind::time:
      return put(node, row, std::get<Time>(content).nanoseconds);
    case Kind::complex:
      put(node.children[0], row, std::get<std::complex<double>>(content).real());
      return put(node.children[1], row, std::get<std::complex<double>>(content).imag());
    case Kind::text:
      return put_bytes(node, row, std::get<std::string>(content).data(), std::get<std::string>(content).size());
    case Kind::bytes:
      return put_bytes(node, row, std::get<Bytes>(content).data(), std::get<Bytes>(content).size());
    case Kind::array:
      return put_array(node, row, *std::get<std::shared_ptr<const Array>>(content));
    case Kind::waveform:
      return put_waveform(node, row, *std::get<std::shared_ptr<const Waveform>>(content));
    case Kind::frame:
      return put_frame(node, type, row, *std::get<std::shared_ptr<const Frame>>(content));
  }
}

void copy_cells(const Node& to, std::int64_t row, const Node& from, std::int64_t rows) {
  std::int64_t below_row = row;
  std::int64_t below_rows = rows;
  if (has_offsets(to.physical)) {
    below_row = to.offsets[row];
    below_rows = from.offsets[rows];
    for (std::int64_t i = 1; i <= rows; ++i) ours(to.offsets)[row + i] = below_row + from.offsets[i];
    if (to.physical != Physical::list && below_rows != 0)
      std::memcpy(ours(to.data) + below_row, from.data, static_cast<std::size_t>(below_rows));
  } else if (to.physical == Physical::bit) {
    for (std::int64_t i = 0; i < rows; ++i) put_bit(to, row + i, from.bit(i));
  } else if (to.physical == Physical::pair) {
    below_row = 2 * row;
    below_rows = 2 * rows;
  } else if (const std::size_t width = width_of(to.physical); width != 0 && rows != 0) {
    std::memcpy(ours(to.data) + static_cast<std::size_t>(row) * width, from.data,
                static_cast<std::size_t>(rows) * width);
  }
  for (std::size_t i = 0; i < to.children.size(); ++i) {
    if (to.children[i].validity != nullptr) {
      for (std::int64_t k = 0; k < below_rows; ++k)
        put_validity(to.children[i], below_row + k, from.children[i].valid(k));
    }
    copy_cells(to.children[i], below_row, from.children[i], below_rows);
  }
}

}  // namespace wheatstone::storage
