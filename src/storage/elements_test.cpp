// Arrays and frames: elements that are missing, and columns whose element type becomes a wider one.

#include <gtest/gtest.h>

#include <functional>
#include <wheatstone/error.hpp>

#include "base/test_refusal.hpp"
#include "io/fault_file.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using base::expect_says;
using base::reason;
using Ints = std::vector<std::optional<std::int64_t>>;
using Texts = std::vector<std::optional<std::string>>;

template <class T>
Array some(const std::vector<std::optional<T>>& values) {
  return Array(std::span<const std::optional<T>>(values));
}

template <class T>
Array all(const std::vector<T>& values) {
  std::vector<std::optional<T>> there(values.begin(), values.end());
  return some(there);
}

Value table(Array n, Array s) { return Frame{{{"n", std::move(n)}, {"s", std::move(s)}}}; }

const Array& array_in(const Value& value) { return **value.get_if<std::shared_ptr<const Array>>(); }
const Array& column_in(const Value& value, std::size_t column) {
  return (*value.get_if<std::shared_ptr<const Frame>>())->columns.at(column).second;
}

/// Writes a row a cell, looks while it is written, after the end, and after all rows became one part.
void expect_kept(const std::vector<Value>& cells, const std::vector<Value>& kept, const TestStore& store) {
  auto run = store.run();
  const std::size_t x = run->add_column(column("x"));
  for (const Value& cell : cells) {
    run->set(x, cell);
    run->commit();
  }
  const auto expect_rows = [&](const Experiment& experiment) {
    ASSERT_EQ(experiment.row_count(), kept.size());
    for (std::size_t row = 0; row < kept.size(); ++row)
      EXPECT_TRUE(experiment.at(row, "x").identical(kept[row])) << "row " << row;
  };
  expect_rows(Experiment::open(run->folder()));
  run->finish(Outcome::finished, {});
  expect_rows(Experiment::open(run->folder()));
}

TEST(Elements, of_frames_may_be_missing) {
  const std::vector<Value> cells = {table(some(Ints{1, {}, 3}), some(Texts{"a", {}, ""})),
                                    table(some(Ints{{}}), some(Texts{"b"})), table(some(Ints{7}), some(Texts{{}}))};
  TestStore store;
  expect_kept(cells, cells, store);
}

TEST(Elements, that_are_missing_keep_nothing_of_what_stood_there) {
  const Array numbers = all<std::int32_t>({5, 6}).with_missing({1, 0});
  EXPECT_EQ(static_cast<const std::int32_t*>(numbers.data())[1], 0);
  EXPECT_TRUE(numbers.is_missing(1));
  EXPECT_FALSE(all<std::int32_t>({5, 6}).with_missing({1, 1}).has_missing());
  EXPECT_FALSE(Value(Frame{{{"n", numbers}}}).identical(Value(Frame{{{"n", all<std::int32_t>({5, 0})}}})));
  expect_says(reason<ConfigurationError>([&] { static_cast<void>(numbers.with_missing({1})); }), "say it of each");
}

TEST(Elements, of_frames_begin_to_be_missing_in_a_later_row) {
  TestStore store;
  const std::vector<Value> cells = {table(all<std::int64_t>({1, 2}), some(Texts{"a", "b"})),
                                    table(some(Ints{{}, 4}), some(Texts{{}, "c"}))};
  expect_kept(cells, cells, store);
}

TEST(Elements, of_an_array_that_is_a_cell_are_all_there) {
  TestStore store;
  auto run = store.run();
  const std::size_t x = run->add_column(column("x"));
  run->set(x, Value(some(Ints{1, {}})));
  expect_says(reason<DataError>([&] { run->commit(); }),
              "an array with missing elements cannot be kept in a cell; keep it as the column of a frame");
  run->discard();
  run->set(x, Value(all<std::int64_t>({1, 2})));
  run->commit();
  run->set(x, Value(some(Ints{1, {}})));
  expect_says(reason<DataError>([&] { run->commit(); }), "an array with missing elements");
}

TEST(Elements, become_wider_ones_where_a_later_array_needs_it) {
  TestStore store;
  expect_kept(
      {all<std::int8_t>({-1}), all<std::int16_t>({300, 2}), all<std::uint16_t>({60000}), all<std::int8_t>({5})},
      {all<std::int32_t>({-1}), all<std::int32_t>({300, 2}), all<std::int32_t>({60000}), all<std::int32_t>({5})},
      store);
  expect_kept({all<std::int64_t>({1 << 30}), all<float>({0.5F}), all<std::int64_t>({-2})},
              {all<double>({1 << 30}), all<double>({0.5}), all<double>({-2})}, store);
  expect_kept({table(all<std::int16_t>({1}), some(Texts{"a"})), table(all<float>({0.5F}), some(Texts{{}}))},
              {table(all<float>({1}), some(Texts{"a"})), table(all<float>({0.5F}), some(Texts{{}}))}, store);
}

TEST(Elements, of_an_empty_array_decide_nothing) {
  const auto words = std::make_shared<std::vector<std::string>>(2, "word");
  const Array texts(DType::text, {2}, {words, words->data()});
  const Array no_texts(DType::text, {0}, {words, words->data()});
  TestStore store;
  expect_kept({all<double>({}), texts, all<double>({})}, {no_texts, texts, no_texts}, store);
  const std::vector<Value> empty = {all<float>({}), all<float>({})};
  expect_kept(empty, empty, store);
  const Value nothing = table(some<double>({{}, {}}), some(Texts{"a", "b"}));
  const Value flags = table(all<bool>({true, false}), some(Texts{"a", "b"}));
  const Value no_flags = table(some<bool>({{}, {}}), some(Texts{"a", "b"}));
  expect_kept({nothing, flags, nothing}, {no_flags, flags, no_flags}, store);
}

TEST(Elements, that_nothing_holds_together_are_refused_with_both_types) {
  constexpr std::int64_t k_large = (std::int64_t{1} << 53) + 1;
  const std::vector<std::pair<Value, Value>> pairs = {
      {all<bool>({true}), all<std::int8_t>({1})},
      {all<std::int64_t>({k_large}), all<double>({0.5})},
      {all<double>({0.5}), all<std::int64_t>({k_large})},
      {all<std::uint64_t>({UINT64_MAX}), all<std::int64_t>({-1})},
      {table(some(Ints{k_large, {}}), some(Texts{"a", "b"})), table(all<float>({1}), some(Texts{"a"}))}};
  for (const auto& [first, second] : pairs) {
    TestStore store;
    auto run = store.run();
    const std::size_t x = run->add_column(column("x"));
    run->set(x, first);
    run->commit();
    run->set(x, second);
    const std::string why = reason<DataError>([&] { run->commit(); });
    expect_says(why, "row 1, column 'x'");
    expect_says(why, "met one of");
    run->discard();
    run->set(x, first);
    run->commit();
    EXPECT_TRUE(run->experiment().at(1, "x").identical(first));
  }
}

TEST(Elements, that_are_missing_survive_where_chunks_are_written_and_the_process_is_killed) {
  TestStore store;
  io::FaultDisk disk;
  disk.refuse_reservation = true;
  auto run = RunWriter::create("/store", RunStart{"killed", {}, Durability::second}, base::system_clock(), disk);
  const std::size_t x = run->add_column(column("x"));
  const Value cell = table(some(Ints{1, {}, 3, {}, 5, 6, 7, 8, {}}), some(Texts(9)));
  for (int row = 0; row < 3; ++row) {
    run->set(x, cell);
    run->commit();
  }
  disk.kill(run->folder(), store.path() / "killed");
  const Experiment experiment = Experiment::open(store.path() / "killed");
  ASSERT_EQ(experiment.row_count(), 3U);
  EXPECT_TRUE(experiment.at(2, "x").identical(cell));
  EXPECT_EQ(column_in(experiment.at(0, "x"), 1).dtype(), DType::text);
}

TEST(Elements, beyond_what_a_float_holds_are_known_of_a_run_that_is_gone_on_with) {
  TestStore store;
  auto run = store.run();
  std::size_t x = run->add_column(column("x"));
  run->set(x, Value(all<std::int64_t>({(std::int64_t{1} << 53) + 1})));
  run->commit();
  const std::filesystem::path folder = run->folder();
  run->finish(Outcome::stopped, {});
  run = RunWriter::reopen(folder, {}, base::system_clock(), io::system_files());
  x = run->add_column(column("x"));
  run->set(x, Value(all<double>({0.5})));
  expect_says(reason<DataError>([&] { run->commit(); }), "integers beyond 2^53");
  run->discard();
  run->set(x, Value(all<std::int8_t>({-3})));
  run->commit();
  EXPECT_EQ(array_in(run->experiment().at(1, "x")).dtype(), DType::int64);
}

}  // namespace
}  // namespace wheatstone::storage
