// A run that was left, gone on with: the table is that of a run that nobody disturbed, bit for bit.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>
#include <wheatstone/error.hpp>

#include "base/process.hpp"
#include "base/test_refusal.hpp"
#include "io/fault_file.hpp"
#include "storage/chunk_format.hpp"
#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

constexpr std::uint64_t k_late_from = 700;   // a column appears
constexpr std::uint64_t k_widens_at = 1100;  // ints become floats

/// One process's part in a run: it registers columns as it comes to them, as a session does.
class Measuring {
 public:
  explicit Measuring(RunWriter& run) : run_(run) {
    k_ = run.add_column(column("k", Kind::integer, ColumnRole::parameter));
    slot_ = run.add_column(column("slot", Kind::integer, ColumnRole::timing));
  }

  void commit(std::uint64_t i) {
    if (volts_ == k_none) {
      ColumnSpec volts = column("volts");
      volts.unit = "V";
      volts_ = run_.add_column(volts);
      volts_uncertainty_ = run_.add_column(column("volts_uncertainty", Kind::real, ColumnRole::uncertainty));
      text_ = run_.add_column(column("text"));
      count_ = run_.add_column(column("count"));
    }
    const auto whole = static_cast<std::int64_t>(i);
    run_.set(k_, whole);
    run_.set(slot_, 2 * whole);
    run_.set(volts_, 0.1 * static_cast<double>(i));
    run_.set(volts_uncertainty_, 1e-3);
    if (i % 3 != 0) run_.set(text_, Value(std::string(i % 40, static_cast<char>('a' + i % 26))));
    if (i >= k_widens_at)
      run_.set(count_, 0.5 + static_cast<double>(i));
    else
      run_.set(count_, whole);
    if (i >= k_late_from) {
      if (late_ == k_none) late_ = run_.add_column(column("late"));
      run_.set(late_, Value(std::vector<double>{static_cast<double>(i), -0.0}));
    }
    run_.commit();
  }

  void commit_until(std::uint64_t rows) {
    while (run_.row_count() < rows) commit(run_.row_count());
  }

 private:
  static constexpr std::size_t k_none = static_cast<std::size_t>(-1);
  RunWriter& run_;
  std::size_t k_ = 0, slot_ = 0, volts_ = k_none, volts_uncertainty_ = 0, text_ = 0, count_ = 0, late_ = k_none;
};

std::unique_ptr<RunWriter> start(io::FileSystem& files) {
  return RunWriter::create("/disk/runs", RunStart{"reopened", {}, Durability::second}, base::system_clock(), files);
}

std::unique_ptr<RunWriter> reopen(const std::filesystem::path& folder, io::FileSystem& files = io::system_files()) {
  return RunWriter::reopen(folder, {}, base::system_clock(), files);
}

void expect_same(const Experiment& got, const Experiment& wanted) {
  ASSERT_EQ(got.row_count(), wanted.row_count());
  ASSERT_EQ(got.columns().size(), wanted.columns().size());
  for (std::size_t c = 0; c < wanted.columns().size(); ++c) {
    const Column& column = wanted.columns()[c];
    ASSERT_EQ(got.columns()[c].name, column.name);
    ASSERT_EQ(got.columns()[c].type, column.type);
    ASSERT_EQ(got.columns()[c].unit, column.unit);
    ASSERT_EQ(got.columns()[c].role, column.role);
    for (std::size_t row = 0; row < wanted.row_count(); ++row) {
      ASSERT_TRUE(got.at(row, column.name).identical(wanted.at(row, column.name))) << column.name << " of row " << row;
    }
  }
}

/// A run of so many rows that nobody disturbed.
class Undisturbed {
 public:
  explicit Undisturbed(std::uint64_t rows) {
    auto run = store_.run("undisturbed");
    Measuring(*run).commit_until(rows);
    run->finish(Outcome::finished, {});
    folder_ = run->folder();
  }
  void expect_equal(const std::filesystem::path& folder, io::FileSystem& files = io::system_files()) const {
    const Experiment wanted = Experiment::open(folder_);
    const Experiment got = ExperimentAccess::open(folder, files);
    EXPECT_EQ(got.state(), RunState::finished);
    expect_same(got, wanted);
    expect_same(got.timing(), wanted.timing());
  }
  /// Goes on with what was left in a folder, to the same number of rows, on a disk in memory; and compares.
  void expect_completable(const std::filesystem::path& left) const {
    io::FaultDisk disk;
    disk.load(left, "/disk/left");
    auto run = reopen("/disk/left", disk);
    Measuring(*run).commit_until(Experiment::open(folder_).row_count());
    run->finish(Outcome::finished, {});
    expect_equal("/disk/left", disk);
  }

 private:
  TestStore store_;
  std::filesystem::path folder_;
};

using base::expect_says;
using base::reason;

TEST(Reopen, completes_a_run_killed_at_any_row) {
  const Undisturbed undisturbed(1500);
  for (const std::uint64_t rows : {0,   1,    2,    63,   64,   65,   511,  512,  513,  699,  700, 701,
                                   702, 1023, 1024, 1025, 1099, 1100, 1101, 1102, 1400, 1499, 1500}) {
    SCOPED_TRACE(rows);
    TestStore real;
    io::FaultDisk disk;
    auto run = start(disk);
    Measuring(*run).commit_until(rows);
    run->set(0, std::int64_t{-1});  // a row in hand
    disk.kill(run->folder(), real.path() / "left");
    undisturbed.expect_completable(real.path() / "left");
    auto again = reopen(real.path() / "left");
    ASSERT_EQ(again->row_count(), rows);
    ASSERT_EQ(again->id(), run->id());
    ASSERT_FALSE(HasFatalFailure());
  }
}

TEST(Reopen, completes_a_run_that_lost_power_again_and_again) {
  constexpr std::uint64_t k_rows = 1500;
  const Undisturbed undisturbed(k_rows);
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE(seed);
    TestStore real;
    std::mt19937_64 random(seed);
    std::filesystem::path left;
    std::uint64_t rows = 0;
    for (int loss = 0; loss < 4; ++loss) {
      io::FaultDisk disk;
      disk.refuse_reservation = random() % 4 == 3;
      const std::filesystem::path folder = "/disk/runs/a";
      if (!left.empty()) disk.load(left, folder);
      auto run = left.empty() ? start(disk) : reopen(folder, disk);
      ASSERT_LE(run->row_count(), rows);
      Measuring measuring(*run);
      rows = std::min(k_rows, run->row_count() + random() % 600);
      while (run->row_count() < rows) {
        measuring.commit(run->row_count());
        if (random() % 64 == 0) disk.write_back(random);
      }
      disk.write_back(random);
      const std::filesystem::path next = real.path() / std::to_string(loss);
      disk.lose_power(random, run->folder(), next);
      if (!std::filesystem::exists(next / "run.json")) {
        ASSERT_TRUE(left.empty()) << "a run's description was lost by going on with it";
        break;
      }
      left = next;
    }
    if (!left.empty()) undisturbed.expect_completable(left);
    ASSERT_FALSE(HasFatalFailure());
  }
}

TEST(Reopen, may_be_cut_short_at_each_of_its_steps) {
  constexpr std::uint64_t k_rows = 1200;
  const Undisturbed undisturbed(k_rows);
  for (const bool power : {false, true}) {
    TestStore real;
    std::mt19937_64 random(7);
    {
      io::FaultDisk disk;
      auto run = start(disk);
      Measuring(*run).commit_until(1150);
      disk.kill(run->folder(), real.path() / "left");
    }
    io::FaultDisk disk;
    disk.load(real.path() / "left", "/disk/runs/a");
    std::vector<std::filesystem::path> cuts;
    disk.before_change([&] {
      cuts.push_back(real.path() / std::to_string(cuts.size()));
      if (power)
        disk.lose_power(random, "/disk/runs/a", cuts.back());
      else
        disk.kill("/disk/runs/a", cuts.back());
    });
    auto run = reopen("/disk/runs/a", disk);
    disk.before_change({});
    EXPECT_GT(cuts.size(), 10U);
    for (const std::filesystem::path& cut : cuts) {
      SCOPED_TRACE(cut);
      EXPECT_EQ(Experiment::open(cut).row_count(), 1150U) << "going on lost rows that were on the medium";
      undisturbed.expect_completable(cut);
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

TEST(Reopen, goes_on_after_a_stop_a_failure_and_an_abort) {
  const Undisturbed undisturbed(900);
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  std::uint64_t rows = 100;
  for (const Outcome outcome : {Outcome::stopped, Outcome::failed, Outcome::aborted}) {
    if (!run) run = reopen(folder);
    EXPECT_EQ(Experiment::open(folder).state(), RunState::running);
    Measuring(*run).commit_until(rows += 200);
    run->finish(outcome, io::Document::object({{"error", "by " + std::string(name_of(outcome))}}));
    run.reset();
  }
  run = reopen(folder);
  run->finish(Outcome::aborted, {});
  run.reset();
  run = reopen(folder);
  Measuring(*run).commit_until(900);
  run->finish(Outcome::finished, {});
  undisturbed.expect_equal(folder);

  const RunRecord record = read_record(io::system_files(), folder);
  EXPECT_EQ(record.document.find("error"), nullptr) << "the finished run bears an error of an earlier segment";
  const auto& segments = record.document.find("segments")->items();
  ASSERT_EQ(segments.size(), 5U);
  EXPECT_EQ(*segments[1].find("first_row")->get_if<std::int64_t>(), 300);
  EXPECT_EQ(segments[1].text({"state"}), "failed");
  EXPECT_EQ(segments[1].text({"error"}), "by failed");
  EXPECT_EQ(segments[4].text({"host"}), base::host_name());
  EXPECT_EQ(*segments[4].find("pid")->get_if<std::int64_t>(), ::getpid());
  std::size_t told = 0;
  for (const std::string& event : Experiment::open(folder).events())
    told += event.find("\"event\":\"segment\"") != std::string::npos ? 1U : 0U;
  EXPECT_EQ(told, 4U);
}

TEST(Reopen, never_shows_a_row_that_stood_behind_a_lost_one) {
  constexpr std::uint64_t k_lost = 400;
  TestStore real;
  const std::filesystem::path folder = real.path() / "left";
  {
    io::FaultDisk disk;
    auto run = start(disk);
    const std::size_t v = run->add_column(column("v"));
    const auto commit_until = [&](std::uint64_t rows) {
      while (run->row_count() < rows) {
        run->set(v, static_cast<double>(run->row_count()));
        run->commit();
      }
    };
    commit_until(k_first_chunk_rows);
    disk.kill(run->folder(), folder);  // the first chunk, full
    commit_until(k_first_chunk_rows + 100);
    disk.kill(run->folder(), real.path() / "later");
    std::filesystem::copy_file(real.path() / "later" / chunk_name(k_first_chunk_rows),
                               folder / chunk_name(k_first_chunk_rows));
    ASSERT_EQ(Experiment::open(folder).row_count(), 1124U);
  }
  // One bit of row 400 is lost on the medium.
  std::string bytes = io::read_text(io::system_files(), folder / chunk_name(0));
  const double value = k_lost;
  const std::size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&value), 8));
  ASSERT_NE(at, std::string::npos);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  std::ofstream(folder / chunk_name(0), std::ios::binary) << bytes;
  ASSERT_EQ(Experiment::open(folder).row_count(), k_lost);

  auto run = reopen(folder);
  EXPECT_EQ(run->row_count(), k_lost);
  const std::size_t v = run->add_column(column("v"));
  for (std::uint64_t row = k_lost; row < 1200; ++row) {
    run->set(v, -static_cast<double>(row));
    run->commit();
    ASSERT_EQ(Experiment::open(folder).row_count(), row + 1) << "old rows stand behind the new ones";
  }
  run->finish(Outcome::finished, {});
  const std::vector<double> values = Experiment::open(folder).column<double>("v");
  for (std::uint64_t row = 0; row < 1200; ++row)
    ASSERT_EQ(values[row], (row < k_lost ? 1 : -1) * static_cast<double>(row));
  for (const std::uint64_t first : {0, 1024}) {
    EXPECT_TRUE(std::filesystem::exists(folder / (chunk_name(first) + ".lost")))
        << "rows behind the lost one were deleted";
  }
}

TEST(Reopen, is_refused_while_another_process_writes_the_run_and_names_it) {
  TestStore store;
  auto run = store.run();
  run->set(run->add_column(column("v")), 1.0);
  run->commit();
  const std::string holder =
      "process " + std::to_string(::getpid()) + " of " + base::user_name() + " on " + base::host_name() + " since 20";
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string why = reason<StorageError>([&] { reopen(run->folder()); });
    const bool says = why.find("is being written by " + holder) != std::string::npos;
    ::_exit(says ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  expect_says(reason<StorageError>([&] { reopen(run->folder()); }), holder);
  run->set(0, 2.0);
  run->commit();
  EXPECT_EQ(run->experiment().column<double>("v"), (std::vector<double>{1, 2}));
}

TEST(Reopen, refuses_what_cannot_be_gone_on_with_and_leaves_it_alone) {
  TestStore store;
  auto run = store.run();
  run->set(run->add_column(column("v")), 1.0);
  run->commit();
  run->finish(Outcome::finished, {});
  const std::filesystem::path folder = run->folder();
  run.reset();
  expect_says(reason<ConfigurationError>([&] { reopen(folder); }), "has finished with 1 rows");

  const std::filesystem::path foreign = store.path() / "foreign";
  std::filesystem::create_directories(foreign);
  std::ofstream(foreign / "holiday.jpg") << "x";
  expect_says(reason<StorageError>([&] { reopen(foreign); }), "is no run");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(foreign), {}), 1) << "a foreign folder was written to";

  std::string record = io::read_text(io::system_files(), folder / k_run_file);
  record.replace(record.find("\"format\": 2"), 11, "\"format\": 7");
  io::replace_text(io::system_files(), folder / k_run_file, record);
  expect_says(reason<StorageError>([&] { reopen(folder); }), "has format 7");
}

TEST(Reopen, refuses_a_run_that_lacks_rows_and_loses_none_by_it) {
  TestStore real;
  const std::filesystem::path folder = real.path() / "left";
  io::FaultDisk disk;
  auto run = start(disk);
  Measuring(*run).commit_until(1300);
  run->finish(Outcome::stopped, {});
  disk.kill(run->folder(), folder);
  ASSERT_TRUE(std::filesystem::remove(folder / part_name(0)));
  const auto files = [&] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
    return names;
  };
  const std::set<std::string> before = files();
  expect_says(reason<StorageError>([&] { reopen(folder); }), "lacks rows 0 to");
  EXPECT_EQ(files(), before);
  EXPECT_EQ(state_of(read_record(io::system_files(), folder), false), RunState::stopped);
}

TEST(Reopen, maps_columns_to_those_that_were_there) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  Measuring(*run).commit_until(20);
  run->finish(Outcome::stopped, {});
  run = reopen(folder);
  EXPECT_EQ(run->add_column(column("k", Kind::integer, ColumnRole::parameter)), 0U);
  expect_says(reason<ConfigurationError>([&] { run->add_column(column("k", Kind::integer, ColumnRole::parameter)); }),
              "two columns named 'k'");
  expect_says(reason<ConfigurationError>([&] { run->add_column(column("count", {}, ColumnRole::parameter)); }),
              "was a column of role 'result' and now is one of role 'parameter'");
  expect_says(reason<ConfigurationError>([&] { run->add_column(column("text", Kind::time)); }),
              "was of text and now is of time");
  ColumnSpec volts = column("volts");
  volts.unit = "A";
  expect_says(reason<ConfigurationError>([&] { run->add_column(volts); }), "was in 'V' and now is in 'A'");
  EXPECT_EQ(run->add_column(column("new")), 6U);
}

TEST(Reopen, still_knows_the_ints_that_a_float_cannot_hold) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  const std::size_t c = run->add_column(column("c"));
  const std::size_t d = run->add_column(column("d"));
  run->set(c, (std::int64_t{1} << 53) + 1);
  run->set(d, std::int64_t{1} << 53);
  run->commit();
  run.reset();
  run = reopen(folder);
  run->set(run->add_column(column("c")), 0.5);
  expect_says(reason<DataError>([&] { run->commit(); }), "beyond 2^53");
  run->discard();
  run->set(run->add_column(column("d")), 0.5);
  run->commit();
  EXPECT_EQ(run->experiment().column<double>("d"), (std::vector<double>{9007199254740992.0, 0.5}));
}

TEST(Reopen, keeps_units_that_became_known_late_and_takes_new_ones) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  const std::size_t early = run->add_column(column("early"));
  run->add_column(column("late"));
  for (int row = 0; row < 3; ++row) {
    run->set(early, row < 2 ? Value(1.0) : Value::measured(1.0, "V"));
    run->set(1, 1.0);
    run->commit();
  }
  run.reset();
  run = reopen(folder);
  EXPECT_EQ(run->stored().columns()[early].unit, Unit("V"));
  ColumnSpec late = column("late");
  late.unit = "A";
  run->add_column(late);
  run->finish(Outcome::finished, {});
  const Experiment experiment = Experiment::open(folder);
  EXPECT_EQ(experiment.unit("early"), Unit("V"));
  EXPECT_EQ(experiment.unit("late"), Unit("A"));
}

TEST(Reopen, mends_events_that_a_crash_cut) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  run->event("first", {});
  run.reset();
  {
    std::ofstream events(folder / k_events_file, std::ios::binary | std::ios::app);
    events << "{\"event\":\"blotted " << std::string(30, '\0') << "\"}\n{\"event\":\"second\"}\n{\"event\":\"cu";
  }
  run = reopen(folder);
  run->event("third", {});
  const std::vector<std::string> events = Experiment::open(folder).events();
  ASSERT_EQ(events.size(), 4U);
  expect_says(events[0], "first");
  expect_says(events[1], "second");
  expect_says(events[2], "segment");
  expect_says(events[3], "third");
}

TEST(Reopen, shows_the_rows_that_were_stored_by_name) {
  TestStore store;
  auto run = store.run();
  const std::filesystem::path folder = run->folder();
  EXPECT_EQ(run->stored().row_count(), 0U);
  Measuring(*run).commit_until(800);
  run.reset();
  run = reopen(folder);
  Measuring(*run).commit_until(900);
  const StoredRows& stored = run->stored();
  ASSERT_EQ(stored.row_count(), 800U);
  EXPECT_TRUE(stored.at(799, *stored.find("timing.slot")).identical(Value(std::int64_t{1598})));
  EXPECT_FALSE(stored.find("nothing of that name"));
  EXPECT_THROW(static_cast<void>(stored.at(800, 0)), DataError);
  const Row row = stored.row(799);
  std::vector<std::string> names;
  for (const Row::Entry& entry : row) names.push_back(entry.key);
  EXPECT_EQ(names, (std::vector<std::string>{"k", "volts", "text", "count", "late"}));
  EXPECT_TRUE(row.find("volts")->identical(Value::measured(0.1 * 799, "V", 1e-3)));
  EXPECT_EQ(stored.row(0).find("text"), nullptr) << "a null cell is no result";
}

}  // namespace
}  // namespace wheatstone::storage
