// Small chunks and parts become one part, and nobody sees a difference but their number.

#include <gtest/gtest.h>

#include <fstream>
#include <wheatstone/error.hpp>

#include "io/fault_file.hpp"
#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

std::shared_ptr<const void> texts_owner(const std::vector<std::string>& texts) {
  auto copy = std::make_shared<std::vector<std::string>>(texts);
  return {copy, copy->data()};
}

/// A cell of each kind that differs from row to row.
Value cell(Kind kind, std::uint64_t row) {
  const auto real = static_cast<double>(row);
  switch (kind) {
    case Kind::null:
      return {};
    case Kind::boolean:
      return row % 3 == 0;
    case Kind::integer:
      return static_cast<std::int64_t>(row);
    case Kind::real:
      return 0.1 * real;
    case Kind::complex:
      return std::complex<double>(real, -real);
    case Kind::text:
      return std::string(row % 13, 'x') + std::to_string(row);
    case Kind::bytes:
      return Bytes(row % 5, std::byte{7});
    case Kind::time:
      return Time{static_cast<std::int64_t>(row)};
    case Kind::array:
      return std::vector<bool>(row % 11, row % 2 == 0);
    case Kind::waveform:
      return Waveform{real, 1e-3, std::vector<double>(row % 7, real), "V"};
    case Kind::frame: {
      Frame frame;
      frame.columns.emplace_back("t", Array(std::span<const double>(std::vector<double>(1 + row % 4, real))));
      std::vector<std::optional<std::int32_t>> counts(1 + row % 4);
      if (counts.size() > 1) counts[1] = static_cast<std::int32_t>(row);
      frame.columns.emplace_back("n", Array(std::span<const std::optional<std::int32_t>>(counts)));
      const std::vector<std::string> texts(1 + row % 4, std::to_string(row));
      if (row % 2 == 0) frame.columns.emplace_back("s", Array(DType::text, {texts.size()}, texts_owner(texts)));
      return frame;
    }
  }
  return {};
}

constexpr int k_kinds = 11;

/// Every kind in a column of its own, each from another row on, with nulls; and an int column that becomes a float.
void write_rows(RunWriter& run, std::uint64_t rows) {
  std::vector<std::size_t> columns;
  const std::size_t widening = run.add_column(column("widening"));
  for (std::uint64_t row = run.row_count(); row < rows; ++row) {
    while (columns.size() < k_kinds && row >= 10 * columns.size())
      columns.push_back(run.add_column(column("kind " + std::to_string(columns.size()))));
    if (row < rows / 2)
      run.set(widening, static_cast<std::int64_t>(row));
    else
      run.set(widening, 0.5 + static_cast<double>(row));
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if ((row + c) % 5 != 0) run.set(columns[c], cell(static_cast<Kind>(c), row));
    }
    run.commit();
  }
}

void expect_rows(const Experiment& experiment, std::uint64_t rows) {
  ASSERT_EQ(experiment.row_count(), rows);
  for (std::uint64_t row = 0; row < rows; ++row) {
    const double wide = row < rows / 2 ? static_cast<double>(row) : 0.5 + static_cast<double>(row);
    ASSERT_EQ(*experiment.at(row, "widening").get_if<double>(), wide) << row;
    for (std::uint64_t c = 1; c < k_kinds; ++c) {
      const bool is_there = row >= 10 * c && (row + c) % 5 != 0;
      Value wanted = is_there ? cell(static_cast<Kind>(c), row) : Value();
      const Value got = experiment.at(row, "kind " + std::to_string(c));
      if (wanted.kind() == Kind::waveform) wanted.set_unit("V");
      ASSERT_TRUE(got.identical(wanted)) << "column " << c << " of row " << row;
    }
  }
}

std::size_t count_files(const std::filesystem::path& folder, std::string_view ending) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    count += entry.path().filename().string().ends_with(ending) ? 1U : 0U;
  return count;
}

TEST(Merge, makes_one_part_of_a_short_run_whose_columns_came_one_by_one) {
  TestStore store;
  auto run = store.run();
  write_rows(*run, 1500);
  expect_rows(run->experiment(), 1500);
  run->finish(Outcome::finished, {});
  expect_rows(Experiment::open(run->folder()), 1500);
  EXPECT_EQ(count_files(run->folder(), ".arrow"), 1U);
  EXPECT_EQ(count_files(run->folder(), ".chunk"), 0U);
}

TEST(Merge, leaves_large_parts_alone) {
  TestStore store;
  auto run = store.run();
  const std::size_t v = run->add_column(column("v"));
  for (std::int64_t row = 0; row < 100'000; ++row) {
    run->set(v, static_cast<double>(row));
    run->commit();
  }
  run->finish(Outcome::finished, {});
  const std::vector<double> values = Experiment::open(run->folder()).column<double>("v");
  ASSERT_EQ(values.size(), 100'000U);
  for (std::size_t row = 0; row < values.size(); ++row) ASSERT_EQ(values[row], static_cast<double>(row));
  const std::size_t parts = count_files(run->folder(), ".arrow");
  EXPECT_GE(parts, 2U);
  EXPECT_LE(parts, 3U) << "a batch has fewer than 10,000 rows";
}

TEST(Merge, unites_what_many_writers_left) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  for (std::uint64_t rows = 100; rows <= 1000; rows += 100) {
    if (!run) run = RunWriter::reopen(folder, {}, base::system_clock(), io::system_files());
    const std::size_t v = run->add_column(column("v"));
    while (run->row_count() < rows) {
      run->set(v, static_cast<double>(run->row_count()));
      run->commit();
    }
    if (rows == 1000) run->finish(Outcome::finished, {});
    run.reset();
  }
  const Experiment experiment = Experiment::open(folder);
  ASSERT_EQ(experiment.row_count(), 1000U);
  EXPECT_EQ(*experiment.at(999, "v").get_if<double>(), 999.0);
  EXPECT_EQ(count_files(folder, ".arrow"), 1U);
}

TEST(Merge, loses_no_row_wherever_the_end_of_a_run_is_cut_short) {
  for (const bool power : {false, true}) {
    TestStore real;
    std::mt19937_64 random(11);
    io::FaultDisk disk;
    auto run = RunWriter::create("/disk/runs", {"cut", {}}, base::system_clock(), disk);
    write_rows(*run, 400);
    std::mutex mutex;
    std::vector<std::filesystem::path> cuts;
    disk.before_change([&] {
      const std::scoped_lock lock(mutex);
      cuts.push_back(real.path() / std::to_string(cuts.size()));
      if (power)
        disk.lose_power(random, run->folder(), cuts.back());
      else
        disk.kill(run->folder(), cuts.back());
    });
    run->finish(Outcome::finished, {});
    disk.before_change({});
    EXPECT_GT(cuts.size(), 10U);
    std::size_t whole = 0;
    for (const std::filesystem::path& cut : cuts) {
      SCOPED_TRACE(cut);
      if (!std::filesystem::exists(cut / k_run_file)) continue;  // nothing of the run had been synced
      const Experiment experiment = Experiment::open(cut);
      if (!power) expect_rows(experiment, 400);
      ASSERT_FALSE(HasFatalFailure());
      if (experiment.row_count() == 400) {
        expect_rows(experiment, 400);
        ++whole;
      } else {
        EXPECT_EQ(whole, 0U) << "rows that were on the medium are gone";
      }
    }
    EXPECT_GT(whole, 0U);
  }
}

TEST(Merge, leaves_a_damaged_part_and_says_so) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  write_rows(*run, 300);
  run.reset();
  const std::size_t before = count_files(folder, ".arrow");
  ASSERT_GE(before, 1U);
  {
    std::fstream part(folder / part_name(0), std::ios::binary | std::ios::in | std::ios::out);
    const std::string bytes((std::istreambuf_iterator<char>(part)), std::istreambuf_iterator<char>());
    const double value = 0.1 * 51;
    const std::size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&value), 8));
    ASSERT_NE(at, std::string::npos);
    part.seekp(static_cast<std::streamoff>(at));
    part.put(static_cast<char>(bytes[at] ^ 1));
  }
  run = RunWriter::reopen(folder, {}, base::system_clock(), io::system_files());
  run->set(run->add_column(column("widening")), 7.5);
  run->commit();
  run->finish(Outcome::finished, {});
  EXPECT_EQ(count_files(folder, ".arrow"), before + 1);
  const Experiment experiment = Experiment::open(folder);
  EXPECT_EQ(*experiment.at(300, "widening").get_if<double>(), 7.5);
  bool told = false;
  for (const std::string& event : experiment.events()) told = told || event.find("merge_failed") != std::string::npos;
  EXPECT_TRUE(told);
}

TEST(LateColumns, that_come_back_are_kept_and_cost_no_part_each) {
  TestStore store;
  auto run = store.run();
  constexpr std::uint64_t k_keys = 100;
  std::vector<std::size_t> columns;
  for (std::uint64_t row = 0; row < 5 * k_keys; ++row) {
    // A first round brings the keys; later ones use them again, every one, then every second.
    const std::uint64_t key = row < 2 * k_keys ? row % k_keys : (2 * row) % k_keys;
    if (row < k_keys) columns.push_back(run->add_column(column("key " + std::to_string(key))));
    run->set(columns[key], static_cast<double>(row));
    run->commit();
  }
  const auto check = [&](const Experiment& experiment) {
    ASSERT_EQ(experiment.row_count(), 5 * k_keys);
    for (std::uint64_t row = 0; row < 5 * k_keys; ++row) {
      const std::uint64_t key = row < 2 * k_keys ? row % k_keys : (2 * row) % k_keys;
      for (std::uint64_t k = 0; k < k_keys; ++k) {
        const Value value = experiment.at(row, "key " + std::to_string(k));
        ASSERT_EQ(value.is_null(), k != key) << row;
        if (k != key) continue;
        ASSERT_EQ(*value.get_if<double>(), static_cast<double>(row));
      }
    }
  };
  check(run->experiment());
  run->finish(Outcome::finished, {});
  check(Experiment::open(run->folder()));
  EXPECT_LE(count_files(run->folder(), ".arrow"), 3U);
}

}  // namespace
}  // namespace wheatstone::storage
