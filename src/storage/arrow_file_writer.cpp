#include <nanoarrow/nanoarrow_ipc.h>

#include <cerrno>
#include <wheatstone/error.hpp>

#include "storage/arrow_file.hpp"
#include "storage/chunk_format.hpp"
#include "storage/crc32c.hpp"

namespace wheatstone::storage {
namespace {

/// nanoarrow's output stream over one of our files. Errors of the file come out as they went in. Keeps the running
/// check of all that is no batch's body, for the seal.
struct FileStream {
  io::File* file;
  std::uint64_t at = 0;
  std::exception_ptr error = {};
  std::uint32_t structure = 0;
  int writes_of_batch = -1;  ///< a batch is written in two: its header, then its body
  std::vector<std::uint64_t> bodies = {};

  static ArrowErrorCode write(ArrowIpcOutputStream* self, const void* data, std::int64_t size, std::int64_t* written,
                              ArrowError*) {
    auto* stream = static_cast<FileStream*>(self->private_data);
    const std::span bytes(static_cast<const std::byte*>(data), static_cast<std::size_t>(size));
    try {
      if (stream->writes_of_batch >= 0 && ++stream->writes_of_batch == 2)
        stream->add_body(bytes);
      else
        stream->add(bytes);
    } catch (...) {
      stream->error = std::current_exception();
      return EIO;
    }
    *written = size;
    return NANOARROW_OK;
  }

  void add(std::span<const std::byte> bytes) {
    structure = crc32c(bytes, structure);
    put(bytes);
  }
  void add_body(std::span<const std::byte> bytes) {
    bodies.push_back(at);
    bodies.push_back(bytes.size());
    put(bytes);
  }
  void put(std::span<const std::byte> bytes) {
    file->write_at(at, bytes);
    at += bytes.size();
  }
};

class Writer {
 public:
  Writer(io::File& file, const std::filesystem::path& path) : stream_{&file}, path_(path) {
    ArrowIpcOutputStream output{};
    output.write = &FileStream::write;
    output.release = [](ArrowIpcOutputStream* self) { self->release = nullptr; };
    output.private_data = &stream_;
    check(ArrowIpcWriterInit(&writer_, &output));
  }
  ~Writer() { ArrowIpcWriterReset(&writer_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void start(const ArrowSchema& schema) {
    check(ArrowIpcWriterStartFile(&writer_, &error_));
    check(ArrowIpcWriterWriteSchema(&writer_, &schema, &error_));
  }
  void write(const ArrowSchema& schema, const ArrowArray& array) {
    ArrowArrayView view;
    check(ArrowArrayViewInitFromSchema(&view, &schema, &error_));
    int code = ArrowArrayViewSetArray(&view, &array, &error_);
    stream_.writes_of_batch = 0;
    if (code == NANOARROW_OK) code = ArrowIpcWriterWriteArrayView(&writer_, &view, &error_);
    stream_.writes_of_batch = -1;
    ArrowArrayViewReset(&view);
    check(code);
  }
  void finish(Sealed sealed) {
    check(ArrowIpcWriterWriteArrayView(&writer_, nullptr, &error_));
    std::uint64_t check_at = 0;
    if (sealed == Sealed::yes) {
      stream_.add(std::as_bytes(std::span(stream_.bodies)));
      const auto count = static_cast<std::uint32_t>(stream_.bodies.size() / 2);
      stream_.add(std::as_bytes(std::span(&count, 1)));
      check_at = stream_.at;
      stream_.at += sizeof(PartSeal::check);
      stream_.add(std::as_bytes(std::span(k_seal_magic)));
    }
    check(ArrowIpcWriterFinalizeFile(&writer_, &error_));
    if (sealed == Sealed::yes) stream_.file->write_at(check_at, std::as_bytes(std::span(&stream_.structure, 1)));
  }

 private:
  void check(int code) {
    if (code == NANOARROW_OK) return;
    if (stream_.error) std::rethrow_exception(stream_.error);
    throw StorageError("the Arrow file '" + path_.string() + "' cannot be written: " + ArrowErrorMessage(&error_) +
                       " (" + std::to_string(code) + ")");
  }

  FileStream stream_;
  std::filesystem::path path_;
  ArrowIpcWriter writer_{};
  ArrowError error_{};
};

/// Releases a C structure at the end of a scope.
template <class C>
struct Releaser {
  C value{};
  Releaser() = default;
  Releaser(const Releaser&) = delete;
  Releaser& operator=(const Releaser&) = delete;
  ~Releaser() {
    if (value.release != nullptr) value.release(&value);
  }
};

}  // namespace

void write_arrow_file(io::FileSystem& files, const std::filesystem::path& path, const SchemaTree& schema,
                      const std::function<std::optional<ArrayTree>()>& next, Sealed sealed) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  files.remove(temporary);
  try {
    const std::unique_ptr<io::File> file = files.open(temporary, io::OpenMode::create);
    Releaser<ArrowSchema> c_schema;
    give(schema, &c_schema.value);
    Writer writer(*file, path);
    writer.start(c_schema.value);
    while (std::optional<ArrayTree> batch = next()) {
      Releaser<ArrowArray> c_array;
      give(std::move(*batch), &c_array.value);
      writer.write(c_schema.value, c_array.value);
    }
    writer.finish(sealed);
    file->sync();
    files.rename(temporary, path);
  } catch (...) {
    files.remove(temporary);
    throw;
  }
}

void write_part(io::FileSystem& files, const std::filesystem::path& path, const base::Uuid& run, const Segment& rows) {
  std::string columns = "[";
  io::Document checks = io::Document::array();
  SchemaTree schema{"+s"};
  std::vector<ArrayTree> arrays;
  for (std::size_t c = 0; c < rows.nodes.size(); ++c) {
    const ColumnInfo& column = (*rows.columns)[c];
    columns += (c == 0 ? "" : ",") + to_text(column);
    checks.push_back(column_check(rows.nodes[c], rows.row_count));
    schema.children.push_back(schema_of(column.type, column.name));
    arrays.push_back(array_of(rows.nodes[c], rows.row_count, rows.owner));
  }
  const io::Document batch = io::Document::object({{"rows", rows.row_count}, {"crc32c", std::move(checks)}});
  const std::string part = io::Document::object({{"format", k_format_version},
                                                 {"run", run.text()},
                                                 {"first_row", rows.first_row},
                                                 {"row_count", rows.row_count},
                                                 {"batches", io::Document::array({batch})}})
                               .dump();
  schema.metadata = {{"wheatstone.columns", columns + "]"}, {"wheatstone.part", part}};
  std::optional<ArrayTree> once = batch_of(std::move(arrays), rows.row_count);
  write_arrow_file(files, path, schema, [&] { return std::exchange(once, std::nullopt); }, Sealed::yes);
}

}  // namespace wheatstone::storage
