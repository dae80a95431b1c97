#pragma once
// CRC32C, the check of rows, chunks and parts: the processor's instruction where there is one (SSE4.2), a table
// otherwise.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace wheatstone::storage {

/// CRC32C of `bytes`, going on from the value of what came before.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);
[[nodiscard]] inline std::uint32_t crc32c(std::string_view text) { return crc32c(std::as_bytes(std::span(text))); }

/// True where the processor computes it.
[[nodiscard]] bool crc32c_in_hardware();

namespace detail {

extern const std::array<std::array<std::uint32_t, 256>, 8> k_crc_tables;

}  // namespace detail

/// Steps of a running CRC in its inner form (inverted). Both have the same two functions, so that a loop is written
/// once.
struct SoftwareCrc {
  static std::uint64_t word(std::uint64_t crc, std::uint64_t value) {
    const auto& t = detail::k_crc_tables;
    value ^= crc;
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 8; ++i) out ^= t[7 - i][(value >> (8 * i)) & 0xFF];
    return out;
  }
  static std::uint64_t byte(std::uint64_t crc, std::uint8_t value) {
    return (crc >> 8) ^ detail::k_crc_tables[0][(crc ^ value) & 0xFF];
  }
};

#if defined(__x86_64__)
struct HardwareCrc {
  static std::uint64_t word(std::uint64_t crc, std::uint64_t value) {
    asm("crc32q %1, %0" : "+r"(crc) : "rm"(value));
    return crc;
  }
  static std::uint64_t byte(std::uint64_t crc, std::uint8_t value) {
    auto narrow = static_cast<std::uint32_t>(crc);
    asm("crc32b %1, %0" : "+r"(narrow) : "rm"(value));
    return narrow;
  }
};
#else
using HardwareCrc = SoftwareCrc;
#endif

/// Adds bytes to a running CRC.
template <class Crc>
std::uint64_t add_bytes(std::uint64_t crc, const std::byte* data, std::size_t size) {
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t value;
    std::memcpy(&value, data, 8);
    crc = Crc::word(crc, value);
  }
  for (; size > 0; ++data, --size) crc = Crc::byte(crc, static_cast<std::uint8_t>(*data));
  return crc;
}

}  // namespace wheatstone::storage
