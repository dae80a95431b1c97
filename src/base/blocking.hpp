#pragma once
// Marks the places where a thread may wait, so that a language runtime can release its lock there and nowhere else.

namespace wheatstone::base {

/// What a runtime does around a wait. `enter` returns a token for `leave`, or null where it has nothing to restore.
struct BlockingHooks {
  void* (*enter)() noexcept = nullptr;
  void (*leave)(void* token) noexcept = nullptr;
};

/// Set once by a language binding, before threads use the library.
void set_blocking_hooks(BlockingHooks hooks);

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
