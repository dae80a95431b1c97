// A reader in another language that knows only the format page reads what we write.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "storage/test_run.hpp"

namespace wheatstone::crash {
namespace {

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), n);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return text;
}

TEST(Format, is_enough_to_read_a_chunk_by) {
  storage::TestStore store;
  auto run = store.run();
  for (const char* name : {"k", "v", "flag", "text", "z", "words", "table", "never"})
    run->add_column(storage::column(name));
  auto words = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"a", "", "xyz"});
  const std::vector<std::optional<std::int64_t>> counts = {7, std::nullopt, -1};
  for (std::int64_t row = 0; row < 3; ++row) {
    run->set(0, row);
    if (row != 1) run->set(1, 0.5 * static_cast<double>(row));
    run->set(2, Value(row == 2));
    run->set(3, Value("row " + std::to_string(row)));
    run->set(4, Value(std::complex<double>(1, -2)));
    run->set(5, Value(Array(DType::text, {3}, {words, words->data()})));
    run->set(6, Value(Frame{{{"n", Array(std::span<const std::optional<std::int64_t>>(counts))}}}));
    run->commit();
  }
  const std::string script = WHEATSTONE_SOURCE_DIR "/tests/crash/read_chunk.py";
  const std::string text =
      output_of("python3 '" + script + "' '" + (run->folder() / "rows-000000000000.chunk").string() + "'");
  const std::string tail =
      R"("z": {"re": 1.0, "im": -2.0}, "words": {"shape": [3], "values": ["a", "", "xyz"]}, "table": {"n": [7, null, -1]}, "never": null})";
  EXPECT_EQ(text, R"({"k": 0, "v": 0.0, "flag": false, "text": "row 0", )" + tail + "\n" +
                      R"({"k": 1, "v": null, "flag": false, "text": "row 1", )" + tail + "\n" +
                      R"({"k": 2, "v": 1.0, "flag": true, "text": "row 2", )" + tail + "\n");
}

}  // namespace
}  // namespace wheatstone::crash
