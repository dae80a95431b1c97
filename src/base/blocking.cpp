#include "base/blocking.hpp"

namespace wheatstone::base {
namespace {
constinit BlockingHooks g_hooks{};
}

void set_blocking_hooks(BlockingHooks hooks) { g_hooks = hooks; }

bool interruption_requested() noexcept { return g_hooks.interrupted != nullptr && g_hooks.interrupted(); }

BlockingRegion::BlockingRegion() : token_(g_hooks.enter != nullptr ? g_hooks.enter() : nullptr) {}

BlockingRegion::~BlockingRegion() {
  if (token_ != nullptr) g_hooks.leave(token_);
}

}  // namespace wheatstone::base
