// Loss of power, full disks and stubborn file systems, on a disk in memory.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <wheatstone/error.hpp>

#include "io/fault_file.hpp"
#include "storage/experiment_state.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

/// What a run must hold: its rows as they were committed. Thirty lines to compare with.
struct Model {
  struct Row {
    double volts;
    std::optional<std::int64_t> count;
    std::string text;
  };
  std::vector<Row> rows;

  static Row make(std::mt19937_64& random) {
    Row row{static_cast<double>(random()) * 1e-3, std::nullopt,
            std::string(random() % 30, static_cast<char>('a' + random() % 26))};
    if (random() % 3 != 0) row.count = static_cast<std::int64_t>(random());
    return row;
  }

  void commit(RunWriter& run, const Row& row) {
    run.set(0, row.volts);
    if (row.count) run.set(1, *row.count);
    run.set(2, Value(row.text));
    run.commit();
    rows.push_back(row);
  }

  /// The experiment holds the first rows of these, whole, and at least `least`.
  void expect_prefix(const Experiment& experiment, std::size_t least) const {
    ASSERT_GE(experiment.row_count(), least);
    ASSERT_LE(experiment.row_count(), rows.size());
    for (std::size_t i = 0; i < experiment.row_count(); ++i) {
      ASSERT_EQ(*experiment.at(i, "volts").get_if<double>(), rows[i].volts) << i;
      const Value count = experiment.at(i, "count");
      ASSERT_EQ(count.is_null(), !rows[i].count) << i;
      ASSERT_EQ(count.is_null() ? 0 : *count.get_if<std::int64_t>(), rows[i].count.value_or(0)) << i;
      ASSERT_EQ(*experiment.at(i, "text").get_if<std::string>(), rows[i].text) << i;
    }
  }
};

std::unique_ptr<RunWriter> start(io::FaultDisk& disk, Durability durability) {
  auto run = RunWriter::create("/disk/runs", RunStart{"loss", {}, durability}, base::system_clock(), disk);
  run->add_column(column("volts"));
  run->add_column(column("count", Value::Kind::integer));
  run->add_column(column("text"));
  return run;
}

void lose_power_at_random(Durability durability, std::uint64_t seed) {
  TestStore real;
  std::mt19937_64 random(seed);
  io::FaultDisk disk;
  disk.refuse_reservation = seed % 4 == 3;  // the same chunk, written
  auto run = start(disk, durability);
  Model model;
  const std::size_t rows = random() % (durability == Durability::row ? 60 : 6000);
  for (std::size_t i = 0; i < rows; ++i) {
    model.commit(*run, Model::make(random));
    if (random() % 64 == 0) disk.write_back(random);
  }
  if (random() % 2 == 0) run->set(0, 1e9);  // a row in hand
  const std::filesystem::path after = real.path() / "after";
  disk.lose_power(random, run->folder(), after);
  if (!std::filesystem::exists(after / "run.json")) {
    ASSERT_TRUE(durability == Durability::second || rows == 0) << "the run's description was lost after a synced row";
    return;
  }
  const Experiment experiment = Experiment::open(after);
  EXPECT_EQ(experiment.state(), RunState::killed);
  if (experiment.row_count() == 0) {
    ASSERT_TRUE(durability == Durability::second || rows == 0);
    return;
  }
  model.expect_prefix(experiment, durability == Durability::row ? rows : 0);
}

TEST(PowerLoss, leaves_every_row_that_was_synced) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    lose_power_at_random(Durability::row, seed);
  }
}

TEST(PowerLoss, leaves_a_prefix_of_whole_rows_whatever_pages_were_lost) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    lose_power_at_random(Durability::second, seed);
  }
}

TEST(PowerLoss, keeps_a_finished_run_whole) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    TestStore real;
    std::mt19937_64 random(seed);
    io::FaultDisk disk;
    auto run = start(disk, Durability::second);
    Model model;
    for (int i = 0; i < 2500; ++i) model.commit(*run, Model::make(random));
    run->finish(Outcome::finished, {});
    disk.lose_power(random, run->folder(), real.path() / "after");
    const Experiment experiment = Experiment::open(real.path() / "after");
    EXPECT_EQ(experiment.state(), RunState::finished);
    model.expect_prefix(experiment, 2500);
  }
}

void fill_the_disk(bool refuse_reservation) {
  TestStore real;
  std::mt19937_64 random(1);
  io::FaultDisk disk;
  disk.refuse_reservation = refuse_reservation;
  disk.capacity = 400'000;
  auto run = start(disk, Durability::second);
  Model model;
  Model::Row refused;
  std::string why;
  while (why.empty() && model.rows.size() < 100'000) {
    refused = Model::make(random);
    try {
      model.commit(*run, refused);
    } catch (const StorageError& error) {
      why = error.what();
    }
  }
  EXPECT_NE(why.find("the medium is full"), std::string::npos) << why;
  ASSERT_GT(model.rows.size(), 100U);
  const std::size_t committed = model.rows.size();
  EXPECT_EQ(run->row_count(), committed);

  Model with_row_in_hand = model;
  with_row_in_hand.rows.push_back(refused);
  with_row_in_hand.expect_prefix(run->experiment(), committed + 1);
  model.expect_prefix(ExperimentAccess::open(run->folder(), disk), committed);

  disk.capacity = UINT64_MAX;  // somebody freed some space: the same row goes in
  run->commit();
  with_row_in_hand.expect_prefix(run->experiment(), committed + 1);
  run->finish(Outcome::failed, {});
  with_row_in_hand.expect_prefix(ExperimentAccess::open(run->folder(), disk), committed + 1);
}

TEST(FullDisk, ends_with_rows_safe_and_the_row_in_hand_shown) { fill_the_disk(false); }

TEST(FullDisk, does_so_where_chunks_are_written) { fill_the_disk(true); }

TEST(FullDisk, is_filled_to_the_last_row_that_fits) {
  TestStore real;
  io::FaultDisk disk;
  disk.capacity = 3'000'000;
  auto run = start(disk, Durability::second);
  const std::size_t cell = run->add_column(column("cell"));
  const Value twenty_kilobytes(std::string(20'000, 'x'));
  std::size_t rows = 0;
  try {
    for (; rows < 1000; ++rows) {
      run->set(cell, twenty_kilobytes);
      run->commit();
    }
    FAIL() << "3 MB held more than 20 MB";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("the medium is full"), std::string::npos) << error.what();
  }
  EXPECT_GT(rows, 100U);  // of 150 that fit without any overhead
}

TEST(FullDisk, that_shows_while_sealing_leaves_the_chunk_in_place) {
  TestStore real;
  std::mt19937_64 random(2);
  io::FaultDisk disk;
  auto run = start(disk, Durability::second);
  Model model;
  for (int i = 0; i < 50; ++i) model.commit(*run, Model::make(random));
  disk.capacity = 0;
  const std::filesystem::path folder = run->folder();
  EXPECT_THROW(run->finish(Outcome::finished, {}), StorageError);  // the outcome cannot be written either
  run.reset();
  const Experiment experiment = ExperimentAccess::open(folder, disk);
  EXPECT_EQ(experiment.state(), RunState::killed);
  model.expect_prefix(experiment, 50);
}

TEST(StubbornFileSystem, gets_the_same_chunk_written_and_is_told_of_once) {
  for (const bool map : {false, true}) {
    TestStore real;
    std::mt19937_64 random(3);
    io::FaultDisk disk;
    disk.refuse_reservation = !map;
    disk.refuse_map = map;
    disk.refuse_lock = true;
    auto run = start(disk, Durability::second);
    Model model;
    for (int i = 0; i < 6000; ++i) model.commit(*run, Model::make(random));
    model.expect_prefix(ExperimentAccess::open(run->folder(), disk), 6000);
    run->finish(Outcome::finished, {});
    const Experiment experiment = ExperimentAccess::open(run->folder(), disk);
    model.expect_prefix(experiment, 6000);
    std::size_t told = 0;
    for (const std::string& event : experiment.events())
      told += event.find("\"chunks\":\"written\"") != std::string::npos ? 1 : 0;
    EXPECT_EQ(told, 1U);
  }
}

TEST(Medium, that_refuses_a_sync_ends_a_run_that_asked_for_one) {
  TestStore real;
  std::mt19937_64 random(4);
  io::FaultDisk disk;
  auto run = start(disk, Durability::row);
  Model model;
  model.commit(*run, Model::make(random));
  disk.fail_sync = true;
  EXPECT_THROW(model.commit(*run, Model::make(random)), StorageError);
  disk.fail_sync = false;
}

}  // namespace
}  // namespace wheatstone::storage
