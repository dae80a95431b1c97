#pragma once
// A thread that outlived its run may no longer use the run's instruments.

#include <atomic>
#include <memory>

namespace wheatstone::base {

/// Shared by whoever starts a thread and the thread itself.
using Revocation = std::shared_ptr<std::atomic<bool>>;

/// Withdraws it, for good.
void revoke(const Revocation& revocation) noexcept;
/// Whether any was ever withdrawn in this process.
[[nodiscard]] const std::atomic<bool>& any_revoked() noexcept;

/// Binds a revocation to the calling thread for a scope.
class RevocableThread {
 public:
  explicit RevocableThread(Revocation revocation);
  ~RevocableThread();
  RevocableThread(const RevocableThread&) = delete;
  RevocableThread& operator=(const RevocableThread&) = delete;

 private:
  Revocation mine_;
  const std::atomic<bool>* outer_;
};

/// True where the calling thread's right to use instruments was withdrawn. Costs a thread-local read.
[[nodiscard]] bool thread_is_revoked() noexcept;

}  // namespace wheatstone::base
