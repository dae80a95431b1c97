#include "session/acquisition.hpp"

#include <wheatstone/error.hpp>

namespace wheatstone {
inline namespace v1 {
namespace binding {

Acquisition::~Acquisition() = default;

bool Acquisition::is_failure(const std::exception_ptr& error) const { return !retry_on<Interrupted>()(error); }

bool Acquisition::may_retry(const std::exception_ptr& error) const {
  if (options_.retry_on) return options_.retry_on(error);
  return retry_on<ConnectionError, TimeoutError, CommunicationError>()(error);
}

}  // namespace binding
}  // namespace v1
}  // namespace wheatstone
