#include "base/revocation.hpp"

#include <utility>

namespace wheatstone::base {
namespace {
constinit thread_local const std::atomic<bool>* t_revoked = nullptr;
constinit std::atomic<bool> g_any{false};
}  // namespace

void revoke(const Revocation& revocation) noexcept {
  g_any.store(true);
  revocation->store(true);
}

const std::atomic<bool>& any_revoked() noexcept { return g_any; }

RevocableThread::RevocableThread(Revocation revocation) : mine_(std::move(revocation)), outer_(t_revoked) {
  t_revoked = mine_.get();
}

RevocableThread::~RevocableThread() { t_revoked = outer_; }

bool thread_is_revoked() noexcept { return t_revoked != nullptr && t_revoked->load(std::memory_order_relaxed); }

}  // namespace wheatstone::base
