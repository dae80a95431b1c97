#include "storage/crc32c.hpp"

namespace wheatstone::storage {
namespace {

constexpr std::array<std::array<std::uint32_t, 256>, 8> make_tables() {
  constexpr std::uint32_t k_polynomial = 0x82F63B78;  // 0x1EDC6F41 reflected (RFC 3720, appendix B.4)
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? k_polynomial : 0);
    tables[0][i] = crc;
  }
  for (std::uint32_t i = 0; i < 256; ++i) {
    for (std::size_t t = 1; t < 8; ++t) tables[t][i] = (tables[t - 1][i] >> 8) ^ tables[0][tables[t - 1][i] & 0xFF];
  }
  return tables;
}

/// What `k_stride` zero bytes do to a running CRC, as a table for each of its bytes: lets three independent lanes be
/// joined.
constexpr std::size_t k_stride = 2048;
using ShiftTable = std::array<std::array<std::uint32_t, 256>, 4>;

ShiftTable make_shift_table() {
  ShiftTable table{};
  for (std::size_t byte = 0; byte < 4; ++byte) {
    for (std::uint32_t value = 0; value < 256; ++value) {
      std::uint64_t crc = static_cast<std::uint64_t>(value) << (8 * byte);
      for (std::size_t i = 0; i < k_stride; i += 8) crc = SoftwareCrc::word(crc, 0);
      table[byte][value] = static_cast<std::uint32_t>(crc);
    }
  }
  return table;
}

std::uint64_t shifted(const ShiftTable& table, std::uint64_t crc) {
  return table[0][crc & 0xFF] ^ table[1][(crc >> 8) & 0xFF] ^ table[2][(crc >> 16) & 0xFF] ^
         table[3][(crc >> 24) & 0xFF];
}

std::uint64_t load(const std::byte* at) {
  std::uint64_t value;
  std::memcpy(&value, at, 8);
  return value;
}

/// The instruction takes three cycles but starts every cycle: three lanes side by side.
std::uint64_t add_in_three_lanes(std::uint64_t crc, const std::byte*& data, std::size_t& size) {
  static const ShiftTable k_shift = make_shift_table();
  while (size >= 3 * k_stride) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t i = 0; i < k_stride; i += 8) {
      crc = HardwareCrc::word(crc, load(data + i));
      second = HardwareCrc::word(second, load(data + k_stride + i));
      third = HardwareCrc::word(third, load(data + 2 * k_stride + i));
    }
    crc = shifted(k_shift, shifted(k_shift, crc) ^ second) ^ third;
    data += 3 * k_stride;
    size -= 3 * k_stride;
  }
  return crc;
}

}  // namespace

constinit const std::array<std::array<std::uint32_t, 256>, 8> detail::k_crc_tables = make_tables();

bool crc32c_in_hardware() {
#if defined(__x86_64__)
  static const bool k_has = __builtin_cpu_supports("sse4.2") != 0;
  return k_has;
#else
  return false;
#endif
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
  std::uint64_t crc = ~before;
  const std::byte* data = bytes.data();
  std::size_t size = bytes.size();
  if (crc32c_in_hardware()) {
    crc = add_in_three_lanes(crc, data, size);
    crc = add_bytes<HardwareCrc>(crc, data, size);
  } else {
    crc = add_bytes<SoftwareCrc>(crc, data, size);
  }
  return ~static_cast<std::uint32_t>(crc);
}

}  // namespace wheatstone::storage
