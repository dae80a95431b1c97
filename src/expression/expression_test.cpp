#include "expression/expression.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "expression/dimension.hpp"

namespace wheatstone::expression {
namespace {

const std::vector<Variable> k_variables = {{"v", "V"},
                                           {"i", "mA"},
                                           {"t", "min"},
                                           {"n", ""},
                                           {"gain", "dB"},
                                           {"on", "", Variable::Kind::boolean},
                                           {"wave", "V", Variable::Kind::other}};
const std::vector<double> k_values = {2.0, 500.0, 2.0, 3.0, 10.0, 1.0, 0.0};

double value_of(std::string_view text) { return Expression::parse(text, k_variables).evaluate(k_values); }
std::string unit_of(std::string_view text) { return Expression::parse(text, k_variables).dimension().label(); }

std::string refusal_of(std::string_view text) {
  try {
    static_cast<void>(Expression::parse(text, k_variables));
  } catch (const ParseError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Expression, KnowsWhatBindsTighter) {
  EXPECT_EQ(value_of("1 + 2 * 3"), 7);
  EXPECT_EQ(value_of("(1 + 2) * 3"), 9);
  EXPECT_EQ(value_of("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(value_of("-2 ^ 2"), -4);
  EXPECT_EQ(value_of("2 ^ -1"), 0.5);
  EXPECT_EQ(value_of("8 / 4 / 2"), 1);
  EXPECT_EQ(value_of("10 - 4 - 3"), 3);
  EXPECT_EQ(value_of("1 < 2 and not 3 < 2 or false"), 1);
  EXPECT_EQ(value_of("not 1 < 2 or 2 < 3"), 1);
  EXPECT_EQ(value_of("+-+2"), -2);
}

TEST(Expression, CalculatesInBaseUnits) {
  EXPECT_EQ(value_of("500 mV"), 0.5);
  EXPECT_EQ(value_of("0.1mV"), 0.1 / 1000);
  EXPECT_EQ(value_of("4.7 kOhm"), 4700);
  EXPECT_EQ(value_of("10 µs"), 10.0 / 1e6);
  EXPECT_EQ(value_of("v * i"), 1.0);
  EXPECT_EQ(value_of("t"), 120);
  EXPECT_EQ(value_of("1 h - t"), 3480);
  EXPECT_EQ(value_of("v + 1"), 3.0) << "a bare number goes with any unit";
}

TEST(Expression, CarriesUnitsAlong) {
  EXPECT_EQ(unit_of("v * i"), "W");
  EXPECT_EQ(unit_of("v / i"), "Ohm");
  EXPECT_EQ(unit_of("1 / t"), "Hz");
  EXPECT_EQ(unit_of("sqrt(v ^ 2)"), "V");
  EXPECT_EQ(unit_of("abs(v) / v"), "");
  EXPECT_EQ(unit_of("max(v, 2 mV)"), "V");
  EXPECT_EQ(unit_of("if(v > 1 V, i, 0)"), "A");
  EXPECT_EQ(unit_of("v ^ 3"), "m^6 kg^3 s^-9 A^-3");
  EXPECT_EQ(unit_of("n + v"), "V") << "n has no unit that is known, and added to volts it is volts";
  EXPECT_EQ(unit_of("max(2 mA, n)"), "A");
  EXPECT_FALSE(Expression::parse("n * v", k_variables).dimension().is_known());
  EXPECT_FALSE(Expression::parse("gain", k_variables).dimension().is_known());
}

TEST(Expression, RefusesUnitsThatDoNotGoTogether) {
  EXPECT_EQ(refusal_of("v + i"), "column 1: this adds V and A\n    v + i\n    ^^^^^");
  EXPECT_EQ(refusal_of("2 * v < 3 A"), "column 1: this compares V and A\n    2 * v < 3 A\n    ^^^^^^^^^^^");
  EXPECT_EQ(refusal_of("n ^ v"),
            "column 5: an exponent in V; it has to be a number without a unit\n    n ^ v\n        ^");
  EXPECT_EQ(refusal_of("v + v / v"), "column 1: this adds V and a number without a unit\n    v + v / v\n    ^^^^^^^^^");
}

TEST(Expression, HasItsFunctions) {
  EXPECT_EQ(value_of("abs(-2)"), 2);
  EXPECT_EQ(value_of("sqrt(9)"), 3);
  EXPECT_EQ(value_of("exp(0)"), 1);
  EXPECT_DOUBLE_EQ(value_of("ln(exp(2))"), 2);
  EXPECT_EQ(value_of("log10(1000)"), 3);
  EXPECT_NEAR(value_of("sin(pi / 2) + cos(0) + tan(0)"), 2, 1e-15);
  EXPECT_NEAR(value_of("asin(1) - acos(0) + atan(0) + atan2(0, 1)"), 0, 1e-15);
  EXPECT_EQ(value_of("min(3, 1, 2) + max(3, 1, 2)"), 4);
  EXPECT_EQ(value_of("floor(1.5) + ceil(1.5) + round(2.5) + sign(-3)"), 5);
  EXPECT_EQ(value_of("if(n == 3, 10, 20)"), 10);
  EXPECT_EQ(value_of("if(on, 1, 2)"), 1);
}

TEST(Expression, ArithmeticThatHasNoResultIsAResult) {
  EXPECT_TRUE(std::isinf(value_of("1 / 0")));
  EXPECT_TRUE(std::isnan(value_of("0 / 0")));
  EXPECT_TRUE(std::isnan(value_of("sqrt(-1)")));
  EXPECT_EQ(value_of("0 / 0 == 0 / 0"), 0);
}

TEST(Expression, ErrorsPointAtThePlace) {
  EXPECT_EQ(refusal_of("2 * voltag + 1"),
            "column 5: there is no 'voltag' here; there are 'v', 'i', 't', 'n', 'gain', 'on' and 'wave'\n"
            "    2 * voltag + 1\n        ^^^^^^");
  EXPECT_EQ(refusal_of("2 * gian"),
            "column 5: there is no 'gian' here; did you mean 'gain'?\n    2 * gian\n        ^^^^");
  EXPECT_EQ(refusal_of("(1 + 2"), "column 1: this parenthesis is not closed\n    (1 + 2\n    ^");
  EXPECT_EQ(refusal_of("1 +"), "column 4: the expression ends too early\n    1 +\n       ^");
  EXPECT_EQ(refusal_of("1 2"), "column 3: '2' does not belong here\n    1 2\n      ^");
  EXPECT_EQ(refusal_of("n = 3"), "column 3: '=' sets nothing here; '==' compares\n    n = 3\n      ^");
  EXPECT_EQ(refusal_of("2 ** 3"), "column 3: a power is written 'a ^ b'\n    2 ** 3\n      ^^");
  EXPECT_EQ(refusal_of("sqr(2)"), "column 1: there is no function 'sqr'; did you mean 'sqrt'?\n    sqr(2)\n    ^^^");
  EXPECT_EQ(refusal_of("5 volts"),
            "column 3: 'volts' is no unit; units are V, A, W, Ohm, Hz, s and their kin, with prefixes such as m or k\n"
            "    5 volts\n      ^^^^^");
  EXPECT_EQ(refusal_of("1 < n < 3"),
            "column 7: comparisons do not chain; write 'a < b and b < c'\n    1 < n < 3\n          ^");
  EXPECT_EQ(refusal_of("µ + $"), "column 1: there is no 'µ' here; did you mean 'v', 'i' or 't'?\n    µ + $\n    ^");
  EXPECT_EQ(refusal_of("wave + 1"), "column 1: 'wave' is no number to calculate with\n    wave + 1\n    ^^^^");
  EXPECT_EQ(refusal_of(""), "column 1: an expression belongs here\n    \n    ^");
}

TEST(Expression, TellsConditionsFromNumbers) {
  EXPECT_TRUE(Expression::parse("v > 1", k_variables).is_condition());
  EXPECT_NE(refusal_of("v and on").find("'and' takes conditions"), std::string::npos);
  EXPECT_NE(refusal_of("not v").find("'not' takes conditions"), std::string::npos);
  EXPECT_NE(refusal_of("1 + on").find("a condition cannot be added"), std::string::npos);
  EXPECT_NE(refusal_of("on == 1").find("a condition is compared with a number"), std::string::npos);
  EXPECT_NE(refusal_of("if(on, 1, on)").find("one is a condition"), std::string::npos);
}

TEST(Expression, SurvivesAMillionParentheses) {
  for (const char* const piece : {"(", "-", "not ", "abs(", "2^", "1+(", "if(on,"}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    EXPECT_NE(refusal_of(text).find("too long"), std::string::npos) << piece;
    text.resize(9'000);
    EXPECT_NE(refusal_of(text).find("column"), std::string::npos) << piece;
  }
  std::string wide = "1";
  while (wide.size() < 9'000) wide += " + 1";
  EXPECT_EQ(value_of(wide), 1 + (wide.size() - 1) / 4);
}

TEST(Expression, KnowsWhatItUses) {
  const Expression both = Expression::parse("i + n * 0 + i", k_variables);
  EXPECT_EQ(both.uses(), (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(both.alone(), std::nullopt);
  EXPECT_EQ(Expression::parse("(v)", k_variables).alone(), 0U);
  EXPECT_EQ(Expression::parse("2", k_variables).alone(), std::nullopt);
}

TEST(Quantity, IsANumberWithAUnit) {
  EXPECT_EQ(parse_quantity("10ms").value, 10.0 / 1000);
  EXPECT_EQ(parse_quantity("10 ms").dimension.label(), "s");
  EXPECT_TRUE(parse_quantity("1e3").dimension.is_none());
  EXPECT_EQ(parse_quantity("-5 V").value, -5);
  EXPECT_THROW((void)parse_quantity("v"), ParseError);
  EXPECT_THROW((void)parse_quantity("1 < 2"), ParseError);
}

TEST(Unit, IsFoundWithItsPrefix) {
  EXPECT_EQ(find_unit("mV")->decimal, -3);
  EXPECT_EQ(find_unit("MOhm")->decimal, 6);
  EXPECT_EQ(find_unit("mm")->decimal, -3);
  EXPECT_EQ(find_unit("min")->factor, 60);
  EXPECT_EQ(find_unit("A/s")->dimension.label(), "A/s");
  EXPECT_TRUE(find_unit("")->dimension.is_none());
  for (const char* const none : {"x", "mmV", "kmin", "V/", "dB", "°C", "%"}) EXPECT_FALSE(find_unit(none)) << none;
  EXPECT_EQ(find_unit("mV")->from_base(0.0123), 12.3);
  EXPECT_EQ(find_unit("mV")->to_base(100), 0.1);
}

}  // namespace
}  // namespace wheatstone::expression
