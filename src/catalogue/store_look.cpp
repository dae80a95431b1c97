#include "catalogue/store_look.hpp"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {

unsigned spare_threads() { return std::clamp(std::thread::hardware_concurrency(), 1U, 4U) - 1; }

StoreLook::StoreLook(io::FileSystem& files, std::filesystem::path store, unsigned threads)
    : files_(files), store_(std::move(store)) {
  std::vector<io::FolderEntry> entries = files_.list(store_);
  seen_.reserve(entries.size());
  for (io::FolderEntry& entry : entries) seen_.push_back({.name = std::move(entry.name), .is_folder = entry.is_folder});
  if (seen_.size() >= k_worth_a_thread) begin(threads);
}

StoreLook::~StoreLook() {
  next_ = seen_.size();
  join();
}

void StoreLook::begin(unsigned threads) {
  try {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { look_along(); });
  } catch (const std::system_error&) {
    return;  // no thread is to be had; those that there are, or the owner alone, look at everything
  }
}

void StoreLook::look_along() noexcept {
  constexpr std::size_t k_block = 128;
  try {
    const std::unique_ptr<io::OpenFolder> folder = files_.open_folder(store_);
    std::string path;
    for (;;) {
      const std::size_t first = next_.fetch_add(k_block, std::memory_order_relaxed);
      const std::size_t last = std::min(first + k_block, seen_.size());
      if (first >= last) return;
      for (SeenFolder& each : std::span(seen_).subspan(first, last - first)) {
        if (!each.is_folder) continue;
        path.assign(each.name).append("/").append(storage::k_run_file);
        each.description = folder->stamp(path);
        each.folder = folder->stamp(each.name);
      }
    }
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    trouble_ = std::current_exception();
  }
}

void StoreLook::join() {
  for (std::thread& each : threads_) each.join();
  threads_.clear();
}

const std::vector<SeenFolder>& StoreLook::seen() {
  look_along();
  join();
  const std::scoped_lock lock(mutex_);
  if (trouble_) std::rethrow_exception(trouble_);
  return seen_;
}

}  // namespace wheatstone::catalogue
