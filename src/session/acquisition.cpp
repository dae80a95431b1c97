#include "session/acquisition.hpp"

namespace wheatstone {
inline namespace v1 {

binding::Acquisition::~Acquisition() = default;

}  // namespace v1
}  // namespace wheatstone
