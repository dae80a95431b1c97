#include "read_words.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cli {
namespace {

struct Options {
  std::string run = "last";
  std::vector<std::string> tags = {};
  std::filesystem::path output = {};
  std::uint64_t rows = 10;
  std::optional<double> timeout = {};
  bool json = false;
};

int nothing(const Terminal& /*terminal*/, const Options& /*options*/) { return 0; }

struct ReadWords : ::testing::Test {
  Verb verb{"show", "Show"};
  Options& options = verb.does(&nothing);

  ReadWords() {
    verb.argument("run", options.run, "The run");
    verb.option("--tag", options.tags, "A tag");
    verb.option("-o,--output", options.output, "A file");
    verb.option("--rows", options.rows, "How many", {.least = 1, .most = 100});
    verb.option("--timeout", options.timeout, "Seconds");
    verb.flag("--json", options.json, "For programs");
  }
  std::string said(const std::vector<std::string>& words) { return read_words(verb, words).value_or(""); }
};

TEST_F(ReadWords, writes_what_was_typed_into_the_options) {
  EXPECT_EQ(said({"--tag", "a", "mine", "--tag=b c", "-ofile", "--rows", "7", "--json", "--timeout", "0.5"}), "");
  EXPECT_EQ(options.run, "mine");
  EXPECT_EQ(options.tags, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(options.output, "file");
  EXPECT_EQ(options.rows, 7U);
  EXPECT_EQ(options.timeout, 0.5);
  EXPECT_TRUE(options.json);
}

TEST_F(ReadWords, leaves_what_was_not_typed) {
  EXPECT_EQ(said({}), "");
  EXPECT_EQ(options.run, "last");
  EXPECT_EQ(options.rows, 10U);
  EXPECT_FALSE(options.timeout.has_value());
}

TEST_F(ReadWords, takes_words_behind_two_dashes_as_they_are) {
  EXPECT_EQ(said({"--", "--rows"}), "");
  EXPECT_EQ(options.run, "--rows");
}

TEST_F(ReadWords, says_what_is_wrong) {
  EXPECT_EQ(said({"--rows", "0"}), "--rows takes a whole number from 1 to 100, not '0'");
  EXPECT_EQ(said({"--rows", "1e3"}), "--rows takes a whole number from 1 to 100, not '1e3'");
  EXPECT_EQ(said({"--timeout", "soon"}), "--timeout takes a number, not 'soon'");
  EXPECT_EQ(said({"--jsn"}), "there is no option '--jsn'; did you mean --json?");
  EXPECT_EQ(said({"one", "two"}), "'two' is one word too many");
  EXPECT_NE(said({"--output"}), "");
}

TEST(Nearest, is_what_begins_so_or_differs_by_little) {
  EXPECT_EQ(nearest("expor", {"export", "show"}), "export");
  EXPECT_EQ(nearest("hsow", {"export", "show"}), "show");
  EXPECT_EQ(nearest("frobnicate", {"export", "show"}), "");
}

}  // namespace
}  // namespace wheatstone::cli
