#include <wheatstone/table_writer.hpp>

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

std::size_t folders_in(const std::filesystem::path& store) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(store)) count += entry.is_directory() ? 1 : 0;
  return count;
}

TEST(TableWriter, keeps_a_table_as_a_run_that_stores_list_and_readers_open) {
  const TestStore store;
  TableWriter table(store.runs(), {.name = "by hand", .description = "d", .notes = "n"});
  const std::size_t v = table.add_column({.name = "v", .unit = Unit("V"), .role = "parameter", .notes = "set"});
  const std::size_t label = table.add_column({.name = "label", .type = "text"});
  table.set(v, 1.5);
  table.set(label, "ä");
  table.commit();
  table.set(v, 2.5);
  table.commit();
  const Experiment kept = table.finish(R"({"codename": "EXP_1"})");
  EXPECT_EQ(kept.state(), RunState::finished);
  EXPECT_EQ(kept.name(), "by hand");
  EXPECT_EQ(kept.description(), "d");
  EXPECT_EQ(kept.notes(), "n");
  EXPECT_NE(kept.metadata().find("EXP_1"), std::string::npos);
  const std::vector<RunSummary> runs = Store(store.runs()).runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].row_count, 2U);
  const Experiment read = Experiment::open(runs[0].folder);
  ASSERT_EQ(read.columns().size(), 2U);
  EXPECT_EQ(read.columns()[0].role, "parameter");
  EXPECT_EQ(read.columns()[0].unit, Unit("V"));
  EXPECT_EQ(read.columns()[0].notes, "set");
  EXPECT_EQ(read.column<double>("v"), (std::vector<double>{1.5, 2.5}));
  EXPECT_EQ(*read.at(0, "label").get_if<std::string>(), "ä");
  EXPECT_TRUE(read.at(1, "label").is_null());
}

TEST(TableWriter, gives_uncertainties_columns_of_their_own) {
  const TestStore store;
  TableWriter table(store.runs(), {.name = "rows"});
  table.append({{"n", 1}, {"v", Value::measured(1.5, Unit("V"), 0.25)}});
  table.append({{"n", 2}, {"v", 2.5}, {"late", "x"}});
  const Experiment kept = table.finish();
  std::vector<std::string> names;
  for (const Column& column : kept.columns()) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"n", "v", "v_uncertainty", "late"}));
  EXPECT_EQ(*kept.at(0, "v_uncertainty").get_if<double>(), 0.25);
  EXPECT_EQ(kept.unit("v_uncertainty"), Unit("V"));
  EXPECT_TRUE(kept.at(1, "v_uncertainty").is_null());
}

TEST(TableWriter, says_when_it_was_measured_where_that_is_known) {
  const TestStore store;
  constexpr Time k_then{1'500'000'000'000'000'000};
  TableWriter table(store.runs(), {.name = "old", .started = k_then});
  table.append({{"x", 1}});
  const Experiment kept = table.finish();
  EXPECT_EQ(kept.folder().filename().string().substr(0, 10), "2017-07-14");
  EXPECT_EQ(Store(store.runs()).runs().at(0).started, k_then);
}

TEST(TableWriter, leaves_nothing_of_a_table_that_was_not_finished) {
  const TestStore store;
  {
    TableWriter table(store.runs(), {.name = "half"});
    table.append({{"x", 1}});
    EXPECT_EQ(folders_in(store.runs()), 1U);
    EXPECT_THROW(table.append({{"x", "text"}}), DataError);
  }
  EXPECT_EQ(folders_in(store.runs()), 0U);
}

TEST(TableWriter, refuses_what_no_column_is) {
  const TestStore store;
  TableWriter table(store.runs(), {.name = "columns"});
  table.add_column({.name = "x"});
  EXPECT_THROW(table.add_column({.name = "x"}), ConfigurationError);
  EXPECT_THROW(table.add_column({.name = "y", .type = "quaternion"}), ConfigurationError);
  EXPECT_THROW(table.add_column({.name = "y", .role = "result or so"}), ConfigurationError);
  EXPECT_THROW(TableWriter(store.runs(), {.name = "z", .details = "[1]"}), DataError);
}

}  // namespace
}  // namespace wheatstone::storage
