// main() of every test program. What tests remember of their stores goes to a folder of their own, not to the user's.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

class StateFolder final : public testing::Environment {
 public:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "wheatstone-state-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr) << name;
    path_ = name;
    ::setenv("XDG_STATE_HOME", name.c_str(), 1);
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new StateFolder);
  return RUN_ALL_TESTS();
}
