// An experiment as text: a table for people, comma-separated values for programs.

#include <algorithm>
#include <cmath>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include "base/text.hpp"
#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using Kind = Value::Kind;

io::Document elements_document(const Array& array) {
  io::Document items = io::Document::array();
  for (std::size_t i = 0; i < array.element_count(); ++i) {
    const auto number = [&]<class T>(T) { return static_cast<const T*>(array.data())[i]; };
    switch (array.dtype()) {
      case DType::boolean:
        items.push_back(number(std::uint8_t{}) != 0);
        break;
      case DType::int8:
        items.push_back(number(std::int8_t{}));
        break;
      case DType::int16:
        items.push_back(number(std::int16_t{}));
        break;
      case DType::int32:
        items.push_back(number(std::int32_t{}));
        break;
      case DType::int64:
        items.push_back(number(std::int64_t{}));
        break;
      case DType::uint8:
        items.push_back(number(std::uint8_t{}));
        break;
      case DType::uint16:
        items.push_back(number(std::uint16_t{}));
        break;
      case DType::uint32:
        items.push_back(number(std::uint32_t{}));
        break;
      case DType::uint64:
        items.push_back(static_cast<double>(number(std::uint64_t{})));
        break;
      case DType::float32:
        items.push_back(static_cast<double>(number(float{})));
        break;
      case DType::float64:
        items.push_back(number(double{}));
        break;
      case DType::complex64: {
        const auto z = number(std::complex<float>{});
        items.push_back(io::Document::array({static_cast<double>(z.real()), static_cast<double>(z.imag())}));
        break;
      }
      case DType::complex128: {
        const auto z = number(std::complex<double>{});
        items.push_back(io::Document::array({z.real(), z.imag()}));
        break;
      }
      case DType::text:
        items.push_back(static_cast<const std::string*>(array.data())[i]);
        break;
      case DType::datetime64:
      case DType::timedelta64: {
        const std::int64_t nanoseconds = number(std::int64_t{});
        if (nanoseconds == INT64_MIN)
          items.push_back(nullptr);
        else if (array.dtype() == DType::timedelta64)
          items.push_back(nanoseconds);
        else
          items.push_back(storage::rfc3339(Time{nanoseconds}));
        break;
      }
    }
  }
  return items;
}

/// Nested as its shape.
io::Document nested(const io::Document::Array& flat, const std::vector<std::size_t>& shape, std::size_t level,
                    std::size_t& at) {
  if (level == shape.size()) return flat[at++];
  io::Document items = io::Document::array();
  for (std::size_t i = 0; i < shape[level]; ++i) items.push_back(nested(flat, shape, level + 1, at));
  return items;
}

io::Document array_document(const Array& array) {
  const io::Document flat = elements_document(array);
  std::size_t at = 0;
  return nested(flat.items(), array.shape(), 0, at);
}

std::string hex(const Bytes& bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : bytes) {
    out += k_digits[std::to_integer<std::size_t>(b) >> 4];
    out += k_digits[std::to_integer<std::size_t>(b) & 15];
  }
  return out;
}

std::string complex_text(std::complex<double> z) {
  std::string imaginary = base::shortest(z.imag());
  if (imaginary.front() != '-') imaginary.insert(0, "+");
  return base::shortest(z.real()) + imaginary + "j";
}

/// A cell in full, as it stands in a file.
std::string full_text(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return {};
    case Kind::boolean:
      return *value.get_if<bool>() ? "true" : "false";
    case Kind::integer:
      return std::to_string(*value.get_if<std::int64_t>());
    case Kind::real:
      return base::shortest(*value.get_if<double>());
    case Kind::complex:
      return complex_text(*value.get_if<std::complex<double>>());
    case Kind::text:
      return *value.get_if<std::string>();
    case Kind::bytes:
      return hex(*value.get_if<Bytes>());
    case Kind::time:
      return storage::rfc3339(*value.get_if<Time>());
    case Kind::array:
      return array_document(**value.get_if<std::shared_ptr<const Array>>()).dump();
    case Kind::waveform: {
      const Waveform& w = **value.get_if<std::shared_ptr<const Waveform>>();
      return io::Document::object({{"t0", w.t0},
                                   {"dt", w.dt},
                                   {"samples", elements_document(Array(std::span<const double>(w.samples)))}})
          .dump();
    }
    case Kind::frame: {
      io::Document columns = io::Document::object();
      for (const auto& [name, column] : (*value.get_if<std::shared_ptr<const Frame>>())->columns)
        columns[name] = elements_document(column);
      return columns.dump();
    }
  }
  return {};
}

/// A cell in brief, as it stands in a table on a screen.
std::string brief_text(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "null";
    case Kind::time:
      return storage::rfc3339(*value.get_if<Time>()).substr(0, 23);
    case Kind::real: {
      const std::string shortest = base::shortest(*value.get_if<double>());
      if (shortest.size() <= 12) return shortest;
      char text[32];
      std::snprintf(text, sizeof text, "%.7g", *value.get_if<double>());
      return text;
    }
    case Kind::array: {
      const Array& array = **value.get_if<std::shared_ptr<const Array>>();
      std::string shape;
      for (const std::size_t n : array.shape()) shape += (shape.empty() ? "" : "x") + std::to_string(n);
      return std::string(name_of(array.dtype())) + "[" + shape + "]";
    }
    case Kind::waveform:
      return "waveform[" + std::to_string((*value.get_if<std::shared_ptr<const Waveform>>())->samples.size()) + "]";
    case Kind::frame:
      return "frame[" + std::to_string((*value.get_if<std::shared_ptr<const Frame>>())->columns.size()) + " columns]";
    case Kind::bytes:
      return "bytes[" + std::to_string(value.get_if<Bytes>()->size()) + "]";
    default:
      break;
  }
  std::string text = full_text(value);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// RFC 4180, section 2.
std::string quoted(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// Characters on a screen: bytes that do not continue a UTF-8 sequence.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(std::string_view type) { return type == "int64" || type == "float64" || type == "complex"; }

}  // namespace

void Experiment::write_csv(const std::filesystem::path& file) const {
  const storage::Table& table = *state_->table;
  io::FileSystem& files = io::system_files();
  std::filesystem::path temporary = file;
  temporary += ".tmp";
  files.remove(temporary);
  try {
    const std::unique_ptr<io::File> out = files.open(temporary, io::OpenMode::create);
    std::uint64_t at = 0;
    std::string text;
    const auto flush = [&] {
      out->write_at(at, io::as_bytes(text));
      at += text.size();
      text.clear();
    };
    for (std::size_t c = 0; c < columns().size(); ++c) text += (c == 0 ? "" : ",") + quoted(columns()[c].name);
    text += "\r\n";
    for (std::size_t row = 0; row < row_count(); ++row) {
      for (std::size_t c = 0; c < columns().size(); ++c) {
        if (c != 0) text += ',';
        text += quoted(full_text(table.at(row, c)));
      }
      text += "\r\n";
      if (text.size() > (std::size_t{1} << 20)) flush();
    }
    flush();
    out->sync();
    files.rename(temporary, file);
  } catch (...) {
    files.remove(temporary);
    throw;
  }
}

std::string Experiment::table(std::size_t rows) const {
  const std::size_t count = row_count();
  std::vector<std::size_t> shown;
  const std::size_t head = count <= rows ? count : (rows + 1) / 2;
  for (std::size_t row = 0; row < head; ++row) shown.push_back(row);
  for (std::size_t row = count <= rows ? count : count - rows / 2; row < count; ++row) shown.push_back(row);
  std::string out;
  std::vector<std::vector<std::string>> cells;
  for (std::size_t c = 0; c < columns().size(); ++c) {
    const Column& column = columns()[c];
    std::vector<std::string> texts = {
        column.unit.empty() ? column.name : column.name + " [" + std::string(column.unit.label()) + "]"};
    for (const std::size_t row : shown) texts.push_back(brief_text(state_->table->at(row, c)));
    if (rows > 0 && count > rows) texts.insert(texts.begin() + 1 + static_cast<std::ptrdiff_t>(head), "...");
    std::size_t width = 0;
    for (const std::string& text : texts) width = std::max(width, width_of(text));
    for (std::string& text : texts) {
      const std::string padding(width - width_of(text), ' ');
      text = is_number(column.type) ? padding + text : text + padding;
    }
    cells.push_back(std::move(texts));
  }
  const std::size_t lines = cells.empty() ? 0 : cells.front().size();
  for (std::size_t line = 0; line < lines; ++line) {
    std::string text;
    for (std::size_t c = 0; c < cells.size(); ++c) text += (c == 0 ? "" : "  ") + cells[c][line];
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const Experiment& experiment) {
  return out << experiment.table() << experiment.row_count() << (experiment.row_count() == 1 ? " row" : " rows") << ", "
             << name_of(experiment.state()) << ", in " << experiment.folder().string() << '\n';
}

}  // namespace v1
}  // namespace wheatstone
