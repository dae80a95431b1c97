#include "bench/address_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wheatstone/error.hpp>

namespace wheatstone::bench {
namespace {

class AddressLockTest : public ::testing::Test {
 protected:
  ~AddressLockTest() override { std::filesystem::remove_all(folder); }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("wheatstone-lock-test-" + std::to_string(::getpid()));
  const transport::ResourceName name = transport::ResourceName::parse("TCPIP::psu.lab::5025::SOCKET");
};

TEST_F(AddressLockTest, refuses_a_second_holder_and_names_the_first) {
  const AddressLock first("psu", name, folder);
  try {
    const AddressLock second("other", transport::ResourceName::parse("tcpip0::PSU.lab::5025::socket"), folder);
    FAIL();
  } catch (const ConnectionError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("process " + std::to_string(::getpid()) + " of "), std::string::npos) << text;
    EXPECT_NE(text.find("since 20"), std::string::npos) << text;
  }
}

TEST_F(AddressLockTest, goes_with_its_holder) {
  {
    const AddressLock first("psu", name, folder);
  }
  EXPECT_NO_THROW(AddressLock("psu", name, folder));
}

TEST_F(AddressLockTest, leaves_other_addresses_alone) {
  const AddressLock first("psu", name, folder);
  EXPECT_NO_THROW(AddressLock("dmm", transport::ResourceName::parse("TCPIP::dmm.lab::5025::SOCKET"), folder));
}

TEST_F(AddressLockTest, is_given_back_although_a_forked_child_lives_on) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = 0;
  {
    const AddressLock first("psu", name, folder);
    child = ::fork();
    if (child == 0) {
      ::close(ready[1]);
      char byte = 0;
      ::_exit(static_cast<int>(::read(ready[0], &byte, 1)));
    }
  }
  EXPECT_NO_THROW(AddressLock("psu", name, folder));
  ::close(ready[0]);
  ::close(ready[1]);
  ::waitpid(child, nullptr, 0);
}

TEST_F(AddressLockTest, is_held_against_another_process) {
  const AddressLock first("psu", name, folder);
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      const AddressLock second("psu", name, folder);
      ::_exit(0);
    } catch (const ConnectionError&) {
      ::_exit(7);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

}  // namespace
}  // namespace wheatstone::bench
