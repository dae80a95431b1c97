#include <wheatstone/version.hpp>

namespace wheatstone {
inline namespace v1 {

std::string_view version() { return WHEATSTONE_VERSION; }

}  // namespace v1
}  // namespace wheatstone
