#include <gtest/gtest.h>

#include <complex>
#include <wheatstone/error.hpp>
#include <wheatstone/reading.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone {
namespace {

TEST(Value, keeps_the_kind_of_what_it_was_made_from) {
  EXPECT_EQ(Value(true).kind(), Value::Kind::boolean);
  EXPECT_EQ(Value(3).kind(), Value::Kind::integer);
  EXPECT_EQ(Value(7u).kind(), Value::Kind::integer);
  EXPECT_EQ(Value(1.5f).kind(), Value::Kind::real);
  EXPECT_EQ(Value("x").kind(), Value::Kind::text);
  EXPECT_EQ(Value(std::complex<double>(1, 2)).kind(), Value::Kind::complex);
  EXPECT_TRUE(Value(std::optional<double>{}).is_null());
  EXPECT_EQ(Value(std::vector<double>{1, 2}).kind(), Value::Kind::array);
}

TEST(Value, refuses_an_integer_above_int64_with_a_sentence) {
  EXPECT_THROW((void)Value(std::uint64_t{1} << 63), DataError);
}

TEST(Value, of_a_reading_keeps_unit_and_uncertainty) {
  const Value v = Reading{.value = 2.0, .unit = "V", .uncertainty = 1e-5};
  EXPECT_EQ(v.unit(), Unit("V"));
  EXPECT_EQ(v.uncertainty(), 1e-5);
  EXPECT_FALSE(v.identical(Value(2.0)));
  EXPECT_TRUE(v.identical(Value::measured(2.0, "V", 1e-5)));
}

TEST(Row, of_two_strings_is_one_result) {
  const Row row{{"a", "b"}};
  ASSERT_EQ(row.size(), 1u);
  EXPECT_EQ(*row.find("a")->get_if<std::string>(), "b");
  EXPECT_EQ(row.find("b"), nullptr);
}

}  // namespace
}  // namespace wheatstone
