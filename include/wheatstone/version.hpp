#pragma once
// Which Wheatstone this is.

#include <string_view>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

/// The version of the library that is running, "0.1.0", which may be newer than the headers it was compiled with. Any
/// thread.
[[nodiscard]] WHEATSTONE_API std::string_view version();

}  // namespace v1
}  // namespace wheatstone
