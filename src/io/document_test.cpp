#include "io/document.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <wheatstone/error.hpp>

namespace wheatstone::io {
namespace {

TEST(Document, reads_back_what_it_prints_in_order_of_insertion) {
  Document document = Document::object({{"z", 1}, {"a", Document::array({true, 2.5, "text", nullptr})}});
  document["nested"]["deep"] = std::int64_t{9007199254740993};
  const std::string text = document.dump();
  EXPECT_EQ(text, R"({"z":1,"a":[true,2.5,"text",null],"nested":{"deep":9007199254740993}})");
  EXPECT_EQ(Document::parse(text).dump(), text);
}

TEST(Document, names_line_and_column_of_a_mistake) {
  try {
    (void)Document::parse("{\n  \"a\": 1,\n  \"b\": oops\n}");
    FAIL() << "parsed nonsense";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("line 3, column 8"), std::string::npos) << error.what();
  }
}

TEST(Document, merges_objects_and_replaces_everything_else) {
  Document base = Document::parse(R"({"a":{"x":1,"y":2},"b":[1,2]})");
  base.merge(Document::parse(R"({"a":{"y":3,"z":4},"b":[5]})"));
  EXPECT_EQ(base.dump(), R"({"a":{"x":1,"y":3,"z":4},"b":[5]})");
}

TEST(Document, finds_text_along_a_path_or_gives_the_other) {
  const Document document = Document::parse(R"({"host":{"name":"bench-3"}})");
  EXPECT_EQ(document.text({"host", "name"}), "bench-3");
  EXPECT_EQ(document.text({"host", "user"}, "nobody"), "nobody");
  EXPECT_EQ(document.find("nothing"), nullptr);
}

TEST(Document, prints_numbers_that_json_lacks_as_null) {
  EXPECT_EQ(Document(std::numeric_limits<double>::infinity()).dump(), "null");
}

}  // namespace
}  // namespace wheatstone::io
