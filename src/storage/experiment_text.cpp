// An experiment as a table for people.

#include <algorithm>
#include <cmath>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include "base/text.hpp"
#include "storage/cell_text.hpp"
#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using Kind = Value::Kind;

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
  std::string text = storage::field_text(value);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Characters on a screen: bytes that do not continue a UTF-8 sequence.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(std::string_view type) { return type == "int64" || type == "float64" || type == "complex"; }

}  // namespace

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
