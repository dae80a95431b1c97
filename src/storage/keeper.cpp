#include "storage/keeper.hpp"

#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "storage/arrow_file.hpp"
#include "storage/part_merge.hpp"
#include "storage/run_folder.hpp"
#include "storage/united_segment.hpp"

namespace wheatstone::storage {

using Steady = std::chrono::steady_clock;

namespace {

/// A chunk's rows; lives no longer than the chunk.
Segment segment_of(const ChunkWriter& chunk) {
  Segment segment;
  segment.first_row = chunk.first_row();
  segment.row_count = chunk.row_count();
  segment.columns = std::shared_ptr<const std::vector<ColumnInfo>>(std::shared_ptr<const void>(), &chunk.columns());
  segment.nodes = chunk.nodes();
  segment.owner = chunk.memory();
  segment.file = chunk.path().filename().string();
  return segment;
}

}  // namespace

Keeper::Keeper(io::FileSystem& files, std::filesystem::path folder, const base::Uuid& run, Tell tell)
    : files_(files), folder_(std::move(folder)), run_(run), tell_(std::move(tell)) {}

Keeper::~Keeper() { stop(); }

void Keeper::start() {
  if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Keeper::reserve_room() {
  // A chunk of one row of a hundred columns; run.json twice with a long error, since it is replaced.
  constexpr std::uint64_t k_first = std::uint64_t{1} << 16;
  constexpr std::uint64_t k_last = std::uint64_t{1} << 16;
  const std::scoped_lock lock(mutex_);
  first_room_ = ReservedRoom(files_, folder_ / "first_room.tmp", k_first);
  last_room_ = ReservedRoom(files_, folder_ / "last_room.tmp", k_last);
}

bool Keeper::release_room() {
  const std::scoped_lock lock(mutex_);
  return last_room_.release();
}

std::unique_ptr<ChunkWriter> Keeper::make(const ChunkRequest& request) {
  ChunkMedium medium;
  {
    const std::scoped_lock lock(mutex_);
    medium = medium_;
    first_room_.release();
  }
  const bool tried_mapped = medium == ChunkMedium::mapped;
  auto chunk = ChunkWriter::create(files_, folder_ / k_next_chunk_file,
                                   lay_out(request.columns, request.rows, request.room), run_, medium);
  if (tried_mapped && medium == ChunkMedium::written) {
    tell_("medium", io::Document::object(
                        {{"chunks", "written"}, {"reason", "the file system cannot reserve space or map files"}}));
  }
  const std::scoped_lock lock(mutex_);
  medium_ = medium;
  return chunk;
}

void Keeper::prepare(ChunkRequest request) {
  const std::scoped_lock lock(mutex_);
  start();
  request_ = std::move(request);
  changed_.notify_all();
}

std::unique_ptr<ChunkWriter> Keeper::take_prepared(std::uint64_t schema) {
  std::unique_lock lock(mutex_);
  // What the thread has not begun, because it seals or syncs, is made sooner by who needs it.
  request_.reset();
  if (making_) {
    const base::BlockingRegion region;
    changed_.wait(lock, [&] { return !making_; });
  }
  if (prepared_ && prepared_schema_ != schema) forget_prepared();
  return std::move(prepared_);
}

void Keeper::forget_prepared() {
  const std::filesystem::path path = prepared_->path();
  prepared_.reset();
  files_.remove(path);
}

void Keeper::watch(std::shared_ptr<ChunkWriter> chunk) {
  const std::scoped_lock lock(mutex_);
  start();
  current_ = std::move(chunk);
  synced_rows_ = -1;
  names_changed_ = true;
}

void Keeper::watch(std::shared_ptr<io::File> file) {
  const std::scoped_lock lock(mutex_);
  beside_ = std::move(file);
}

void Keeper::seal(std::shared_ptr<ChunkWriter> chunk) {
  constexpr std::size_t k_behind = 3;                           // chunks that wait: the medium is slower than the run
  constexpr std::uint64_t k_worth_it = std::uint64_t{1} << 18;  // bytes
  bool is_behind = false;
  bool is_due = false;
  {
    const std::scoped_lock lock(mutex_);
    start();
    if (current_ == chunk) current_.reset();
    queue_.push_back(chunk);
    ++unsynced_in_queue_;
    is_behind = queue_.size() >= k_behind && chunk->file_size() >= k_worth_it;
    is_due = should_seal();
  }
  if (is_due) changed_.notify_all();
  if (is_behind) chunk->let_go();
}

std::uint64_t Keeper::unsealed_bytes() const {
  const std::scoped_lock lock(mutex_);
  std::uint64_t bytes = current_ ? current_->file_size() : 0;
  for (const std::shared_ptr<ChunkWriter>& chunk : queue_) bytes += chunk->file_size();
  return bytes;
}

void Keeper::rethrow() {
  const std::scoped_lock lock(mutex_);
  if (error_) std::rethrow_exception(error_);
}

void Keeper::stop() {
  if (!thread_.joinable()) return;
  const base::BlockingRegion region;
  thread_.request_stop();
  thread_.join();
  thread_ = {};
  if (prepared_) forget_prepared();
}

void Keeper::merge_parts() {
  try {
    merge_small_parts(files_, folder_, run_);
  } catch (const StorageError& error) {
    // They can be read as they are.
    tell_("merge_failed", io::Document::object({{"error", error.what()}}));
  }
}

void Keeper::work(const std::stop_token& stop) {
  constexpr std::chrono::seconds k_between_syncs{1};
  std::unique_lock lock(mutex_);
  auto next_sync = Steady::now() + k_between_syncs;
  while (true) {
    if (Steady::now() >= next_sync) {
      sync_soon(lock);
      next_sync = Steady::now() + k_between_syncs;
    } else if (request_) {
      make_ready(lock);
    } else if (!queue_.empty() && (should_seal() || stop.stop_requested())) {
      seal_next(lock);
    } else if (stop.stop_requested()) {
      return;
    } else {
      changed_.wait_until(lock, stop, next_sync, [&] { return request_.has_value() || should_seal(); });
    }
  }
}

void Keeper::make_ready(std::unique_lock<std::mutex>& lock) {
  const ChunkRequest request = std::move(*request_);
  request_.reset();
  making_ = true;
  std::unique_ptr<ChunkWriter> chunk;
  lock.unlock();
  try {
    chunk = make(request);
  } catch (const StorageError&) {
    // The writing thread tries again when it needs the chunk, and reports what it meets then.
    chunk.reset();
  }
  lock.lock();
  making_ = false;
  prepared_ = std::move(chunk);
  prepared_schema_ = request.schema;
  changed_.notify_all();
}

void Keeper::write_as_part(const Chunks& chunks) {
  std::vector<Segment> segments;
  for (const std::shared_ptr<ChunkWriter>& chunk : chunks) segments.push_back(segment_of(*chunk));
  write_part(files_, folder_ / part_name(segments.front().first_row), run_,
             segments.size() == 1 ? segments.front() : unite(segments, run_));
}

void Keeper::tell_failure(std::string_view event, const ChunkWriter& chunk, const StorageError& error) {
  tell_(event, io::Document::object({{"file", chunk.path().filename().string()}, {"error", error.what()}}));
}

/// Chunks that cannot be sealed stay and are read in the part's place.
void Keeper::keep_unsealed(const Chunks& chunks, const StorageError& error) {
  tell_failure("seal_failed", *chunks.front(), error);
  for (const std::shared_ptr<ChunkWriter>& chunk : chunks) {
    try {
      chunk->sync();
    } catch (const StorageError& second) {
      tell_failure("sync_failed", *chunk, second);
    }
  }
}

/// Small chunks wait for others, so that a run whose columns change all the time does not become as many parts.
bool Keeper::should_seal() const {
  constexpr std::uint64_t k_enough_bytes = std::uint64_t{1} << 18;
  constexpr std::size_t k_enough_chunks = 64;
  if (queue_.size() >= k_enough_chunks) return true;
  std::uint64_t bytes = 0;
  for (const std::shared_ptr<ChunkWriter>& chunk : queue_) bytes += chunk->file_size();
  return bytes >= k_enough_bytes;
}

/// The first chunks of the queue that belong into one part.
Keeper::Chunks Keeper::next_to_seal(const Chunks& queue) {
  Chunks chunks;
  Neighbours neighbours;
  for (const std::shared_ptr<ChunkWriter>& chunk : queue) {
    const bool is_large = chunk->row_count() >= k_first_chunk_rows;
    if (is_large && !chunks.empty()) break;
    if (!neighbours.take(segment_of(*chunk))) break;
    chunks.push_back(chunk);
    if (is_large) break;
  }
  return chunks;
}

/// Writes the parts of some chunks, as many as one sync of the folder may serve, and removes the chunks. REQUIRES: the
/// lock, and a chunk in the queue. Only this thread takes chunks out of it.
void Keeper::seal_next(std::unique_lock<std::mutex>& lock) {
  constexpr std::size_t k_most_chunks = 1024;
  constexpr std::uint64_t k_enough_bytes = std::uint64_t{1} << 23;
  constexpr int k_most_parts = 32;
  Chunks waiting(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), k_most_chunks)));
  lock.unlock();
  Chunks sealed;
  std::size_t taken = 0;
  std::uint64_t bytes = 0;
  for (int parts = 0; parts < k_most_parts && bytes < k_enough_bytes && !waiting.empty(); ++parts) {
    const Chunks chunks = next_to_seal(waiting);
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(chunks.size()));
    taken += chunks.size();
    for (const std::shared_ptr<ChunkWriter>& chunk : chunks) bytes += chunk->file_size();
    try {
      write_as_part(chunks);
      sealed.insert(sealed.end(), chunks.begin(), chunks.end());
    } catch (const StorageError& error) {
      keep_unsealed(chunks, error);
    }
  }
  remove_sealed(sealed);
  lock.lock();
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(taken));
  unsynced_in_queue_ = std::min(unsynced_in_queue_, queue_.size());
}

void Keeper::remove_sealed(const Chunks& chunks) {
  if (chunks.empty()) return;
  try {
    // The parts' names must be on the medium before the chunks may go.
    files_.sync_folder(folder_);
    for (const std::shared_ptr<ChunkWriter>& chunk : chunks) files_.remove(chunk->path());
  } catch (const StorageError& error) {
    keep_unsealed(chunks, error);
  }
}

/// What was written since the last second reaches the medium: many small chunks as a part, which is one file to sync
/// and not one each.
void Keeper::sync_soon(std::unique_lock<std::mutex>& lock) {
  constexpr std::size_t k_few = 8;
  for (int parts = 0; parts < 16 && unsynced_in_queue_ > k_few; ++parts) seal_next(lock);
  sync_all(lock);
}

void Keeper::sync_all(std::unique_lock<std::mutex>& lock) {
  std::vector<std::shared_ptr<ChunkWriter>> chunks(queue_.end() - static_cast<std::ptrdiff_t>(unsynced_in_queue_),
                                                   queue_.end());
  unsynced_in_queue_ = 0;
  const std::int64_t rows = current_ ? current_->row_count() : -1;
  if (rows != synced_rows_) chunks.push_back(current_);
  const bool names_changed = std::exchange(names_changed_, false);
  const std::shared_ptr<io::File> beside = beside_;
  lock.unlock();
  std::exception_ptr error;
  try {
    for (const auto& chunk : chunks) {
      if (chunk) chunk->sync();
    }
    if (beside) beside->sync();
    if (names_changed) files_.sync_folder(folder_);
  } catch (const StorageError&) {
    error = std::current_exception();
  }
  lock.lock();
  synced_rows_ = rows;
  if (error) {
    error_ = error;
    failed_.store(true, std::memory_order_relaxed);
  }
}

}  // namespace wheatstone::storage
