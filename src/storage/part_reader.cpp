#include <nanoarrow/nanoarrow_ipc.h>

#include <wheatstone/error.hpp>

#include "storage/arrow_file.hpp"
#include "storage/chunk_format.hpp"
#include "storage/crc32c.hpp"

namespace wheatstone::storage {
namespace {

constexpr std::int64_t k_empty_offsets[1] = {0};

[[noreturn]] void refuse_part(const std::filesystem::path& path, const std::string& why) {
  throw StorageError("the part '" + path.string() + "' is damaged: " + why + "; restore the file from a copy");
}

/// Everything but the columns' bytes must be as it was written before anybody interprets it.
void require_seal(const FileBytes& bytes, const std::filesystem::path& path) {
  constexpr std::uint64_t k_tail = 10;  // the footer's size and Arrow's magic end the file
  const auto wrong = [&] { refuse_part(path, "its structure does not match its checksum, or its end is cut off"); };
  std::uint32_t footer_size = 0;
  if (bytes.size < k_tail + sizeof(PartSeal)) wrong();
  std::memcpy(&footer_size, bytes.data + bytes.size - k_tail, 4);
  if (footer_size > bytes.size - k_tail - sizeof(PartSeal)) wrong();
  const std::uint64_t seal_at = bytes.size - k_tail - footer_size - sizeof(PartSeal);
  PartSeal seal;
  std::memcpy(&seal, bytes.data + seal_at, sizeof seal);
  if (std::memcmp(seal.magic, k_seal_magic, sizeof seal.magic) != 0 || seal.body_count > seal_at / 16) wrong();
  std::vector<std::uint64_t> bodies(2 * std::size_t{seal.body_count});
  if (!bodies.empty()) std::memcpy(bodies.data(), bytes.data + seal_at - bodies.size() * 8, bodies.size() * 8);
  std::uint64_t at = 0;
  std::uint32_t crc = 0;
  const auto add_until = [&](std::uint64_t end) {
    if (end < at || end > bytes.size) wrong();
    crc = crc32c({bytes.data + at, static_cast<std::size_t>(end - at)}, crc);
    at = end;
  };
  for (std::size_t i = 0; i < bodies.size(); i += 2) {
    add_until(bodies[i]);
    if (bodies[i + 1] > bytes.size - at) wrong();
    at += bodies[i + 1];
  }
  add_until(seal_at + offsetof(PartSeal, check));
  at += sizeof seal.check;
  add_until(bytes.size);
  if (crc != seal.check) wrong();
}

class Decoder {
 public:
  explicit Decoder(const std::filesystem::path& path) : path_(path) {
    check(ArrowIpcDecoderInit(&decoder_), "no memory");
  }
  ~Decoder() { ArrowIpcDecoderReset(&decoder_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Reads the footer at the end of the file. What it returns lives until the first batch is read.
  const ArrowIpcFooter& footer(const FileBytes& bytes) {
    const ArrowBufferView file = view(bytes, 0, static_cast<std::int64_t>(bytes.size));
    check(ArrowIpcDecoderPeekFooter(&decoder_, file, &error_), "its end is cut off or no Arrow file's");
    check(ArrowIpcDecoderVerifyFooter(&decoder_, file, &error_), "its footer cannot be read");
    check(ArrowIpcDecoderDecodeFooter(&decoder_, file, &error_), "its footer cannot be read");
    check(ArrowIpcDecoderSetSchema(&decoder_, &decoder_.footer->schema, &error_), "its schema cannot be read");
    return *decoder_.footer;
  }

  /// One batch as a view of the file's memory; valid until the next call.
  const ArrowArrayView& batch(const FileBytes& bytes, const ArrowIpcFileBlock& block) {
    const ArrowBufferView message = view(bytes, block.offset, block.metadata_length);
    check(ArrowIpcDecoderVerifyHeader(&decoder_, message, &error_), "a batch's header cannot be read");
    check(ArrowIpcDecoderDecodeHeader(&decoder_, message, &error_), "a batch's header cannot be read");
    if (decoder_.message_type != NANOARROW_IPC_MESSAGE_TYPE_RECORD_BATCH) refuse_part(path_, "a batch is none");
    const ArrowBufferView body = view(bytes, block.offset + block.metadata_length, block.body_length);
    ArrowArrayView* out = nullptr;
    check(ArrowIpcDecoderDecodeArrayView(&decoder_, body, -1, &out, &error_), "a batch cannot be read");
    return *out;
  }

 private:
  ArrowBufferView view(const FileBytes& bytes, std::int64_t offset, std::int64_t size) {
    const auto all = static_cast<std::int64_t>(bytes.size);
    if (offset < 0 || size < 0 || offset > all || size > all - offset)
      refuse_part(path_, "a batch lies outside the file");
    ArrowBufferView out{};
    out.data.as_uint8 = reinterpret_cast<const std::uint8_t*>(bytes.data) + offset;
    out.size_bytes = size;
    return out;
  }
  void check(int code, const char* what) {
    if (code != NANOARROW_OK) refuse_part(path_, what);
  }

  std::filesystem::path path_;
  ArrowIpcDecoder decoder_{};
  ArrowError error_{};
};

/// The tree over a decoded view, with room as the buffers really have it.
class NodeOverView {
 public:
  explicit NodeOverView(const std::filesystem::path& path) : path_(path) {}

  Node build(const Type& type, const ArrowArrayView& view, std::int64_t length) {
    Node node{type.physical};
    if (static_cast<std::size_t>(view.n_children) != type.children.size() || view.length < length) wrong();
    if (type.physical == Physical::none) return node;
    const auto bytes = [&](int i) { return reinterpret_cast<const std::byte*>(view.buffer_views[i].data.as_uint8); };
    const auto size = [&](int i) { return view.buffer_views[i].size_bytes; };
    if (size(0) != 0) {
      node.validity = view.buffer_views[0].data.as_uint8;
      if (size(0) < (length + 7) / 8) wrong();
    }
    std::int64_t below = length;
    if (has_offsets(type.physical)) {
      const bool empty = size(1) < 8;
      node.offsets = empty ? k_empty_offsets : view.buffer_views[1].data.as_int64;
      node.capacity = empty ? 0 : size(1) / 8 - 1;
      if (reinterpret_cast<std::uintptr_t>(node.offsets) % 8 != 0 || node.capacity < length) wrong();
      below = node.offsets[length];
      if (below < 0) wrong();
      if (type.physical != Physical::list) {
        node.data = bytes(2);
        node.byte_capacity = size(2);
        if (node.byte_capacity < below) wrong();
      }
    } else if (type.physical == Physical::pair) {
      below = 2 * length;
      node.capacity = length;
    } else if (type.physical == Physical::record) {
      node.capacity = length;
    } else {
      node.data = bytes(1);
      const std::size_t width = width_of(type.physical);
      node.capacity = type.physical == Physical::bit ? size(1) * 8 : size(1) / static_cast<std::int64_t>(width);
      if (node.capacity < length) wrong();
    }
    for (std::size_t i = 0; i < type.children.size(); ++i) {
      node.children.push_back(build(type.children[i].type, *view.children[i], below));
    }
    return node;
  }

 private:
  [[noreturn]] void wrong() const { refuse_part(path_, "a column's buffers are not as its type needs"); }
  const std::filesystem::path& path_;
};

std::string metadata_of(const ArrowSchema& schema, const char* key, const std::filesystem::path& path) {
  ArrowStringView value{};
  if (ArrowMetadataGetValue(schema.metadata, ArrowCharView(key), &value) != NANOARROW_OK || value.data == nullptr) {
    refuse_part(path, std::string("its schema lacks '") + key + "'");
  }
  return std::string(value.data, static_cast<std::size_t>(value.size_bytes));
}

std::int64_t number_in(const io::Document& document, std::string_view key) {
  const auto* member = document.find(key);
  const auto* value = member != nullptr ? member->get_if<std::int64_t>() : nullptr;
  return value != nullptr ? *value : -1;
}

io::Document read_description(const ArrowSchema& schema, const std::filesystem::path& path, const base::Uuid& run) {
  const std::string text = metadata_of(schema, "wheatstone.part", path);
  io::Document part = io::Document::parse(text);
  if (number_in(part, "format") > k_format_version) {
    throw StorageError("the part '" + path.string() + "' has format " + std::to_string(number_in(part, "format")) +
                       " and this version reads up to " + std::to_string(k_format_version) +
                       "; install a newer Wheatstone");
  }
  if (part.text({"run"}) != run.text()) throw StorageError("the part '" + path.string() + "' belongs to another run");
  return part;
}

void read_columns(const ArrowSchema& schema, const std::filesystem::path& path, PartCache& cache) {
  std::string text = metadata_of(schema, "wheatstone.columns", path);
  if (cache.columns && cache.description == text) return;
  auto columns = std::make_shared<std::vector<ColumnInfo>>();
  const io::Document described = io::Document::parse(text);
  for (const io::Document& item : described.items()) columns->push_back(column_from(item));
  cache.columns = std::move(columns);
  cache.description = std::move(text);
}

Segment segment_of(const ArrowArrayView& view, const io::Document& batch, const PartCache& cache,
                   const std::filesystem::path& path) {
  Segment segment;
  segment.columns = cache.columns;
  segment.row_count = number_in(batch, "rows");
  segment.file = path.filename().string();
  if (view.length != segment.row_count || static_cast<std::size_t>(view.n_children) != cache.columns->size()) {
    refuse_part(path, "a batch has other rows or columns than described");
  }
  NodeOverView builder(path);
  for (std::size_t c = 0; c < cache.columns->size(); ++c) {
    segment.nodes.push_back(builder.build((*cache.columns)[c].type, *view.children[c], segment.row_count));
  }
  const auto* checks = batch.find("crc32c");
  if (checks == nullptr || checks->items().size() != cache.columns->size()) refuse_part(path, "it lacks checksums");
  for (const io::Document& check : checks->items()) {
    const auto* value = check.get_if<std::int64_t>();
    segment.checks.push_back(value != nullptr ? static_cast<std::uint32_t>(*value) : 0);
  }
  segment.verified = std::make_shared<std::vector<std::atomic<bool>>>(cache.columns->size());
  return segment;
}

std::vector<ArrowIpcFileBlock> blocks_of(const ArrowIpcFooter& footer) {
  std::vector<ArrowIpcFileBlock> blocks(static_cast<std::size_t>(footer.record_batch_blocks.size_bytes) /
                                        sizeof(ArrowIpcFileBlock));
  if (!blocks.empty())
    std::memcpy(blocks.data(), footer.record_batch_blocks.data, blocks.size() * sizeof(ArrowIpcFileBlock));
  return blocks;
}

std::vector<Segment> read_batches(Decoder& decoder, const std::vector<ArrowIpcFileBlock>& blocks,
                                  const FileBytes& bytes, const io::Document& part, const PartCache& cache,
                                  const std::filesystem::path& path) {
  const auto* batches = part.find("batches");
  if (batches == nullptr || batches->items().size() != blocks.size())
    refuse_part(path, "it has other batches than described");
  std::vector<Segment> segments;
  std::int64_t first_row = number_in(part, "first_row");
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    segments.push_back(segment_of(decoder.batch(bytes, blocks[i]), batches->items()[i], cache, path));
    segments.back().first_row = static_cast<std::uint64_t>(first_row + rows);
    segments.back().owner = bytes.owner;
    segments.back().mapping = bytes.mapping;
    rows += segments.back().row_count;
  }
  if (first_row < 0 || rows != number_in(part, "row_count")) refuse_part(path, "it has other rows than described");
  return segments;
}

}  // namespace

std::optional<std::vector<Segment>> open_part(io::FileSystem& files, const std::filesystem::path& path,
                                              const base::Uuid& run, PartCache& cache) {
  const std::optional<FileBytes> bytes = load_file(files, path);
  if (!bytes) return std::nullopt;
  require_seal(*bytes, path);
  Decoder decoder(path);
  const ArrowIpcFooter& footer = decoder.footer(*bytes);
  try {
    const io::Document part = read_description(footer.schema, path, run);
    read_columns(footer.schema, path, cache);
    return read_batches(decoder, blocks_of(footer), *bytes, part, cache, path);
  } catch (const DataError& error) {
    refuse_part(path, error.what());
  }
}

}  // namespace wheatstone::storage
