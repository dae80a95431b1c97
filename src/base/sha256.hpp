#pragma once
// SHA-256 (FIPS 180-4), to tell whether two plans are the same.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wheatstone::base {

using Sha256State = std::array<std::uint32_t, 8>;

/// Takes a block of 64 bytes into the state, on any machine.
void take_sha256_block(Sha256State& state, const unsigned char* block);
/// The same by instructions that are made for it. False, and nothing done, where the machine has none.
[[nodiscard]] bool take_sha256_block_in_hardware(Sha256State& state, const unsigned char* block);

/// A digest in the making. One thread.
class Sha256 {
 public:
  void add(std::string_view bytes);
  /// In hexadecimal. REQUIRES: called once, last.
  [[nodiscard]] std::string digest();

 private:
  void take_block(const unsigned char* block);

  Sha256State state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> block_ = {};
  std::uint64_t length_ = 0;  ///< in bytes
};

/// Of one text.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace wheatstone::base
