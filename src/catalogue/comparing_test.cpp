#include "catalogue/comparing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <wheatstone/store.hpp>

#include "catalogue/test_runs.hpp"

namespace wheatstone::catalogue {
namespace {

/// Each difference as a line.
std::vector<std::string> differences(const char* first, const char* second) {
  std::vector<std::string> lines;
  for (const Difference& each : compare_records(io::Document::parse(first), io::Document::parse(second)))
    lines.push_back(each.part + ": " + each.what + ": " + each.first + " | " + each.second);
  return lines;
}
using Lines = std::vector<std::string>;

TEST(Comparison, of_how_runs_were_made_names_what_is_other) {
  EXPECT_EQ(differences(R"({"plan": {"kind": "sweep", "id": "a", "order": "grid"}, "id": "1", "started": "x"})",
                        R"({"plan": {"kind": "sweep", "id": "b", "order": "snake"}, "id": "2", "started": "y"})"),
            Lines{"plan: order: grid | snake"});
  EXPECT_EQ(differences(R"({"parameters": [{"name": "v", "unit": "V", "values": [1, 2], "values_sha256": "a"}]})",
                        R"({"parameters": [{"name": "v", "unit": "mV", "values": [1, 2.5], "values_sha256": "b"},
                                           {"name": "w", "values": [1]}]})"),
            (Lines{"plan: parameter v, unit: V | mV", "plan: parameter v, values: 1, 2 | 1, 2.5",
                   "plan: parameter w: none | there"}));
  EXPECT_EQ(differences(R"({"instruments": [{"alias": "dmm", "identity": "K,34470A,1,1"}]})",
                        R"({"instruments": [{"alias": "dmm", "identity": "K,34470A,2,1"}]})"),
            Lines{"instruments: dmm, identity: K,34470A,1,1 | K,34470A,2,1"});
  EXPECT_EQ(
      differences(R"({"versions": {"wheatstone": "0.1", "python": "3.11"}})", R"({"versions": {"wheatstone": "0.2"}})"),
      (Lines{"versions: wheatstone: 0.1 | 0.2", "versions: python: 3.11 | none"}));
}

TEST(Comparison, of_settings_names_instrument_channel_and_time) {
  EXPECT_EQ(
      differences(
          R"({"settings": {"before": {"psu": {"voltage": {"1": 1.5, "2": 0}, "beep": true}, "dmm": {"range": 10}}}})",
          R"({"settings": {"before": {"psu": {"voltage": {"1": 2, "2": 0}, "beep": false}, "dmm": "no answer"}}})"),
      (Lines{"settings: psu, channel 1, voltage (before): 1.5 | 2", "settings: psu, beep (before): true | false",
             "settings: dmm (before): there | no answer"}));
}

TEST(Comparison, of_scripts_shows_the_first_line_that_is_other) {
  EXPECT_EQ(differences(R"({"script": {"file": "iv.py", "source": "a = 1\nb = 2\nc = 3\n"}})",
                        R"({"script": {"file": "iv.py", "source": "a = 1\nb = 5\nc = 4\n"}})"),
            Lines{"script: source, line 2: b = 2 | b = 5"});
  EXPECT_EQ(differences(R"({"script": {"source": "a\nb"}})", R"({"script": {"source": "a\nb\nc"}})"),
            Lines{"script: source, line 3: none | c"});
}

TEST(Comparison, of_equal_descriptions_is_empty) {
  constexpr const char* k_record =
      R"({"plan": {"kind": "sweep"}, "parameters": [{"name": "v"}], "settings": {"before": {}}})";
  EXPECT_TRUE(differences(k_record, k_record).empty());
  EXPECT_TRUE(differences("{}", "{}").empty());
}

std::filesystem::path write_values(const TestStore& store, const std::vector<Value>& values, const char* unit = "V") {
  auto run = store.run("values");
  storage::ColumnSpec v = storage::column("v");
  v.unit = Unit(unit);
  run->add_column(v);
  for (const Value& value : values) {
    if (!value.is_null()) run->set(0, value);
    run->commit();
  }
  run->finish(storage::Outcome::finished, {});
  return run->folder();
}

ColumnDifference column_difference(const std::vector<Value>& first, const std::vector<Value>& second,
                                   const char* second_unit = "V") {
  TestStore store;
  const auto a = Experiment::open(write_values(store, first));
  const auto b = Experiment::open(write_values(store, second, second_unit));
  const std::vector<ColumnDifference> differing = compare_rows(a, b);
  return differing.empty() ? ColumnDifference{} : differing.front();
}

TEST(Comparison, of_rows_has_how_many_differ_and_the_largest_difference) {
  const ColumnDifference found = column_difference({1.0, 2.0, 3.0, 4.0}, {1.0, 2.5, 1.0});
  EXPECT_EQ(found.name, "v");
  EXPECT_EQ(found.compared, 3U);
  EXPECT_EQ(found.different, 2U);
  EXPECT_EQ(found.largest, -2.0);
  EXPECT_EQ(found.largest_row, 2U);
}

TEST(Comparison, of_rows_takes_not_a_number_and_nothing_for_what_they_are) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(column_difference({1.0, nan, Value()}, {1.0, nan, Value()}).name, "");
  EXPECT_EQ(column_difference({1.0, nan, 2.0}, {1.0, Value(), 2.0}).different, 1U);
  EXPECT_FALSE(column_difference({1.0, nan, 2.0}, {1.0, 0.0, 2.0}).largest.has_value());
}

TEST(Comparison, of_rows_says_why_a_column_is_not_compared) {
  EXPECT_NE(column_difference({1.0}, {Value("text")}).trouble.find("float64 in the first run and text"),
            std::string::npos);
  EXPECT_NE(column_difference({1.0}, {1.0}, "mV").trouble.find("in 'V' in the first run"), std::string::npos);
  EXPECT_EQ(column_difference({Value("a"), Value("b")}, {Value("a"), Value("c")}).different, 1U);
}

TEST(Comparison, as_text_is_what_a_person_reads) {
  TestStore folder;
  write_run(folder, "one", 3);
  write_run(folder, "two", 4);
  const std::string text = Store(folder.runs()).compare("one", "two").text();
  EXPECT_NE(text.find("first:  one ("), std::string::npos) << text;
  EXPECT_NE(text.find("outcome\n  rows: 3 | 4"), std::string::npos) << text;
}

}  // namespace
}  // namespace wheatstone::catalogue
