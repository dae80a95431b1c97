#pragma once
// All folders of a store at one instant.

#include <atomic>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "io/file.hpp"

namespace wheatstone::catalogue {

/// What was seen of an entry of a store's folder; of other files than folders only the name.
struct SeenFolder {
  std::string name = {};
  bool is_folder = false;
  std::optional<io::Stamp> folder = {};
  std::optional<io::Stamp> description = {};  ///< of its run.json
};

/// How many threads may look beside the one that asks: as many as the machine has cores to spare, three at most.
[[nodiscard]] unsigned spare_threads();

/// A look at the folders of a store that goes on while its owner does something else: asking ten thousand folders for
/// their stamps is most of what a question to a catalogue costs. Small stores are looked at by their owner alone. One
/// owner, one thread.
class StoreLook {
 public:
  static constexpr std::size_t k_worth_a_thread = 512;  ///< folders; below it a thread costs more than it saves

  /// Lists the store's folder and begins to look. Throws StorageError where it cannot be listed.
  StoreLook(io::FileSystem& files, std::filesystem::path store, unsigned threads = spare_threads());
  ~StoreLook();
  StoreLook(const StoreLook&) = delete;
  StoreLook& operator=(const StoreLook&) = delete;

  /// All entries, in no order. Looks along and waits. Throws StorageError where a folder cannot be asked.
  [[nodiscard]] const std::vector<SeenFolder>& seen();

 private:
  void begin(unsigned threads);
  void look_along() noexcept;
  void join();

  io::FileSystem& files_;
  const std::filesystem::path store_;
  std::vector<SeenFolder> seen_ = {};  ///< each element belongs to the thread that took its block
  std::atomic<std::size_t> next_{0};   ///< the first element that nobody has taken

  std::mutex mutex_;
  std::exception_ptr trouble_ = {};  ///< protected by mutex_
  std::vector<std::thread> threads_ = {};
};

}  // namespace wheatstone::catalogue
