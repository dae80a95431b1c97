#pragma once
// What a run does beside its loop: syncing each second, making the next chunk ready, sealing full chunks.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>
#include <wheatstone/error.hpp>

#include "base/uuid.hpp"
#include "io/document.hpp"
#include "io/file.hpp"
#include "storage/chunk_writer.hpp"
#include "storage/reserved_room.hpp"

namespace wheatstone::storage {

/// A chunk to be made.
struct ChunkRequest {
  std::vector<ColumnInfo> columns;
  std::int64_t rows = 0;
  std::vector<Extents> room;
  std::uint64_t schema = 0;  ///< counts changes of columns; a chunk made for an older schema is of no use
};

/// One background thread of one run, started with the first request. The writing thread calls everything here.
class Keeper {
 public:
  using Tell = std::function<void(std::string_view event, io::Document details)>;

  /// `tell` is called from both threads and must not throw.
  Keeper(io::FileSystem& files, std::filesystem::path folder, const base::Uuid& run, Tell tell);
  /// Without stop(), the thread is stopped after what it has in hand. REQUIRES: the process that made it.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// Takes room on the medium for a first chunk, which gives it up, and for what is written when the medium is full:
  /// the last events and the outcome. Throws StorageError where it has not as much. Before any other call.
  void reserve_room();
  /// Gives the room for the end; false where it is given already. Any thread.
  bool release_room();

  /// Makes a chunk at once, as next.tmp. Throws StorageError where the medium is full.
  std::unique_ptr<ChunkWriter> make(const ChunkRequest& request);
  /// Asks for a chunk in the background.
  void prepare(ChunkRequest request);
  /// The chunk asked for, waiting where it is being made; null where none was begun, it is of another schema, or it
  /// could not be made.
  std::unique_ptr<ChunkWriter> take_prepared(std::uint64_t schema);

  /// The chunk that rows go to now; it is synced each second.
  void watch(std::shared_ptr<ChunkWriter> chunk);
  /// A chunk that nobody writes any more: sealed in order, small ones together, then deleted.
  void seal(std::shared_ptr<ChunkWriter> chunk);

  /// Another file to sync each second.
  void watch(std::shared_ptr<io::File> file);

  /// Bytes of the chunks that are not sealed yet. Any thread.
  [[nodiscard]] std::uint64_t unsealed_bytes() const;

  /// True once the medium has refused a sync; then rethrow() throws why.
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }
  void rethrow();

  /// Seals what is left and ends the thread.
  void stop();
  /// Small parts that stand side by side become one, those of earlier writers too. REQUIRES: after stop().
  void merge_parts();

 private:
  using Chunks = std::vector<std::shared_ptr<ChunkWriter>>;

  void start();
  void work(const std::stop_token& stop);
  void make_ready(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool should_seal() const;
  [[nodiscard]] static Chunks next_to_seal(const Chunks& queue);
  void seal_next(std::unique_lock<std::mutex>& lock);
  void remove_sealed(const Chunks& chunks);
  void tell_failure(std::string_view event, const ChunkWriter& chunk, const StorageError& error);
  void keep_unsealed(const Chunks& chunks, const StorageError& error);
  void sync_soon(std::unique_lock<std::mutex>& lock);
  void sync_all(std::unique_lock<std::mutex>& lock);
  void write_as_part(const Chunks& chunks);
  void forget_prepared();

  io::FileSystem& files_;
  const std::filesystem::path folder_;
  const base::Uuid run_;
  const Tell tell_;
  std::atomic<bool> failed_{false};

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Protected by mutex_:
  ReservedRoom first_room_;
  ReservedRoom last_room_;
  ChunkMedium medium_ = ChunkMedium::mapped;
  std::optional<ChunkRequest> request_;
  bool making_ = false;
  std::unique_ptr<ChunkWriter> prepared_;
  std::uint64_t prepared_schema_ = 0;
  std::shared_ptr<ChunkWriter> current_;
  std::int64_t synced_rows_ = -1;
  std::shared_ptr<io::File> beside_;
  std::deque<std::shared_ptr<ChunkWriter>> queue_;
  std::size_t unsynced_in_queue_ = 0;  ///< at the end of the queue
  bool names_changed_ = true;
  std::exception_ptr error_;

  std::jthread thread_;
};

}  // namespace wheatstone::storage
