#pragma once
// A store of one test in a folder of its own, and short ways to write a run. For tests only.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/run_writer.hpp"

namespace wheatstone::storage {

/// A new folder under the system's temporary one, removed at the end; the list of known stores lies in it too.
class TestStore {
 public:
  TestStore() {
    std::string name = (std::filesystem::temp_directory_path() / "wheatstone-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", (path_ / "state").c_str(), 1);
  }
  ~TestStore() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestStore(const TestStore&) = delete;
  TestStore& operator=(const TestStore&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path runs() const { return path_ / "runs"; }

  [[nodiscard]] std::unique_ptr<RunWriter> run(std::string name = "IV curve",
                                               Durability durability = Durability::second) const {
    return RunWriter::create(runs(), RunStart{std::move(name), {}, durability}, base::system_clock(),
                             io::system_files());
  }

 private:
  std::filesystem::path path_;
};

inline ColumnSpec column(std::string name, std::optional<Value::Kind> kind = {}, ColumnRole role = ColumnRole::result) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.kind = kind;
  spec.role = role;
  return spec;
}

}  // namespace wheatstone::storage
