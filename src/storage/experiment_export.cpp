// An experiment as files that other programs read: Arrow, comma-separated values, JSON lines, and what describes these.

#include <memory>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include "storage/arrow_file.hpp"
#include "storage/cell_text.hpp"
#include "storage/experiment_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using storage::Table;

/// A text file as a whole: written beside, synced, renamed; an error leaves nothing behind.
class WholeFile {
 public:
  explicit WholeFile(const std::filesystem::path& path) : path_(path), temporary_(path) {
    temporary_ += ".tmp";
    files_.remove(temporary_);
    file_ = files_.open(temporary_, io::OpenMode::create);
  }
  ~WholeFile() {
    if (file_ == nullptr) return;
    file_.reset();
    try {
      files_.remove(temporary_);
    } catch (const Error&) {  // NOLINT: the error that brought us here is the one to be seen
    }
  }
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  std::string text = {};  ///< what is to be written next

  void write_some() {
    constexpr std::size_t k_piece = std::size_t{1} << 20;
    if (text.size() > k_piece) write();
  }
  void finish() {
    write();
    file_->sync();
    files_.rename(temporary_, path_);
    file_.reset();
  }

 private:
  void write() {
    file_->write_at(at_, io::as_bytes(text));
    at_ += text.size();
    text.clear();
  }

  io::FileSystem& files_ = io::system_files();
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::unique_ptr<io::File> file_;
  std::uint64_t at_ = 0;
};

/// Calls `append_row` for each row with what gives the value of a column in it, and gives up what was read behind it.
template <class AppendRow>
void write_rows(WholeFile& file, const Table& table, AppendRow append_row) {
  for (std::size_t s = 0; s < table.segment_count(); ++s) {
    std::vector<storage::Cells> cells;
    for (std::size_t c = 0; c < table.columns().size(); ++c) cells.push_back(table.cells(s, c));
    for (std::int64_t row = 0; row < table.rows_of(s); ++row) {
      append_row([&](std::size_t c) { return table.value(cells[c], c, row); });
      file.write_some();
    }
    table.let_go(s);
  }
}

/// RFC 4180, section 2. An empty text is quoted, so that it is not taken for a missing one.
std::string quoted(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// The name of a column's type in XML Schema, as CSV on the Web has it ("Metadata Vocabulary for Tabular Data", 5.11).
std::string datatype_of(const std::string& type) {
  if (type == "float64") return "double";
  if (type == "int64") return "long";
  if (type == "bool") return "boolean";
  if (type == "time") return "dateTimeStamp";
  if (type == "bytes") return "hexBinary";
  if (type == "array" || type == "waveform" || type == "frame") return "json";
  return "string";
}

}  // namespace

void Experiment::write_arrow(const std::filesystem::path& file) const {
  const Table& table = *state_->table;
  std::size_t next = 0;
  storage::write_arrow_file(io::system_files(), file, storage::schema_of(table, *state_->record),
                            [&]() -> std::optional<storage::ArrayTree> {
                              if (next != 0) table.let_go(next - 1);
                              if (next == table.segment_count()) return std::nullopt;
                              return table.batch(next++);
                            });
}

void Experiment::write_csv(const std::filesystem::path& file) const {
  const Table& table = *state_->table;
  WholeFile out(file);
  for (std::size_t c = 0; c < columns().size(); ++c) out.text += (c == 0 ? "" : ",") + quoted(columns()[c].name);
  out.text += "\r\n";
  write_rows(out, table, [&](const auto& value_of) {
    for (std::size_t c = 0; c < columns().size(); ++c) {
      if (c != 0) out.text += ',';
      const Value value = value_of(c);
      if (!value.is_null()) out.text += quoted(storage::field_text(value));
    }
    out.text += "\r\n";
  });
  out.finish();
}

void Experiment::write_jsonl(const std::filesystem::path& file) const {
  const Table& table = *state_->table;
  WholeFile out(file);
  std::vector<std::string> keys;
  for (const Column& column : columns()) {
    std::string key = keys.empty() ? "{" : ",";
    storage::append_json_text(key, column.name);
    keys.push_back(key + ":");
  }
  write_rows(out, table, [&](const auto& value_of) {
    for (std::size_t c = 0; c < keys.size(); ++c) {
      out.text += keys[c];
      storage::append_json(out.text, value_of(c));
    }
    out.text += keys.empty() ? "{}\n" : "}\n";
  });
  out.finish();
}

void Experiment::write_description(const std::filesystem::path& of_file) const {
  io::Document described = io::Document::array();
  for (const Column& column : columns()) {
    io::Document one = io::Document::object({{"name", column.name}, {"titles", column.name}});
    one["datatype"] = datatype_of(column.type);
    if (!column.unit.empty()) one["schema:unitText"] = column.unit.label();
    if (!column.notes.empty()) one["dc:description"] = column.notes;
    one["wheatstone:kind"] = column.type;
    one["wheatstone:role"] = column.role;
    described.push_back(std::move(one));
  }
  const io::Document context = io::Document::array(
      {"http://www.w3.org/ns/csvw",
       io::Document::object({{"wheatstone", "urn:wheatstone:"}, {"schema", "http://schema.org/"}})});
  io::Document whole = io::Document::object({{"@context", context}});
  whole["url"] = of_file.filename().string();
  whole["dc:title"] = name();
  if (!description().empty()) whole["dc:description"] = description();
  whole["tableSchema"] = io::Document::object({{"columns", std::move(described)}});
  whole["wheatstone:run"] = state_->record->document;
  std::filesystem::path path = of_file;
  path += "-metadata.json";
  WholeFile out(path);
  out.text = whole.dump(true) + "\n";
  out.finish();
}

}  // namespace v1
}  // namespace wheatstone
