#pragma once
// Marks the places where a thread may wait, so that a language runtime can release its lock there and nowhere else.

#include <cstdint>

namespace wheatstone::base {

/// What a runtime does around a wait. `enter` returns a token for `leave`, or null where it has nothing to restore.
struct BlockingHooks {
  void* (*enter)() noexcept = nullptr;
  void (*leave)(void* token) noexcept = nullptr;
  /// Asked every k_interruption_check during waits for the outside world: true where the user wants this thread's wait
  /// to end (a language's Ctrl-C), which then throws Interrupted. Called within a BlockingRegion. May be null.
  bool (*interrupted)() noexcept = nullptr;
};

/// How often waits ask whether they are interrupted, in nanoseconds.
inline constexpr std::int64_t k_interruption_check = 50'000'000;

/// Set once by a language binding, before threads use the library.
void set_blocking_hooks(BlockingHooks hooks);

/// What the runtime's `interrupted` says; false where there is none.
[[nodiscard]] bool interruption_requested() noexcept;

/// The scope of one real wait: I/O, a contended lock, a clock. Nests.
class BlockingRegion {
 public:
  BlockingRegion();
  ~BlockingRegion();
  BlockingRegion(const BlockingRegion&) = delete;
  BlockingRegion& operator=(const BlockingRegion&) = delete;

 private:
  void* token_;
};

}  // namespace wheatstone::base
