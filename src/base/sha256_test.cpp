#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <random>

namespace wheatstone::base {
namespace {

// The examples of FIPS 180-4 (csrc.nist.gov, SHA256.pdf and the million a's of SHA2_Additional.pdf).
TEST(Sha256, is_what_the_standard_says) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, does_not_depend_on_how_it_is_fed) {
  const std::string text(200, 'x');
  Sha256 parts;
  for (std::size_t at = 0, size = 1; at < text.size(); at += size, size = size % 70 + 7) {
    parts.add(std::string_view(text).substr(at, size));
  }
  EXPECT_EQ(parts.digest(), sha256(text));
}

TEST(Sha256, is_the_same_by_instructions_that_are_made_for_it) {
  std::mt19937 random(7);
  Sha256State anywhere = {1, 2, 3, 4, 5, 6, 7, 8};
  Sha256State in_hardware = anywhere;
  for (int k = 0; k < 1000; ++k) {
    std::array<unsigned char, 64> block;
    for (unsigned char& byte : block) byte = static_cast<unsigned char>(random());
    if (!take_sha256_block_in_hardware(in_hardware, block.data())) GTEST_SKIP() << "this machine has none";
    take_sha256_block(anywhere, block.data());
    ASSERT_EQ(anywhere, in_hardware) << "block " << k;
  }
}

}  // namespace
}  // namespace wheatstone::base
