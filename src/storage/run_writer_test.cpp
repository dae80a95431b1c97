#include "storage/run_writer.hpp"
#include "base/test_refusal.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <thread>
#include <wheatstone/error.hpp>

#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

using base::expect_says;
using base::reason;

TEST(RunWriter, keeps_rows_across_chunks_and_parts) {
  TestStore store;
  auto run = store.run();
  const std::size_t k = run->add_column(column("k", Kind::integer));
  const std::size_t v = run->add_column(column("v"));
  constexpr std::int64_t k_rows = 100'000;
  for (std::int64_t i = 0; i < k_rows; ++i) {
    run->set(k, i);
    run->set(v, 0.5 * static_cast<double>(i));
    run->commit();
  }
  const Experiment running = Experiment::open(run->folder());
  EXPECT_EQ(running.row_count(), 100'000U);
  EXPECT_EQ(running.state(), RunState::running);
  run->finish(Outcome::finished, {});
  const Experiment finished = Experiment::open(run->folder());
  EXPECT_EQ(finished.state(), RunState::finished);
  for (const Experiment& experiment : {running, finished}) {
    const std::vector<std::int64_t> ks = experiment.column<std::int64_t>("k");
    const std::vector<double> vs = experiment.column<double>("v");
    ASSERT_EQ(ks.size(), 100'000U);
    for (std::int64_t i = 0; i < k_rows; ++i) {
      ASSERT_EQ(ks[static_cast<std::size_t>(i)], i);
      ASSERT_EQ(vs[static_cast<std::size_t>(i)], 0.5 * static_cast<double>(i));
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(run->folder())) {
    EXPECT_NE(entry.path().extension(), ".chunk") << "a sealed chunk was left behind";
    EXPECT_NE(entry.path().extension(), ".tmp");
  }
}

TEST(RunWriter, shows_committed_rows_to_a_reader_at_once_and_no_others) {
  TestStore store;
  auto run = store.run();
  const std::size_t v = run->add_column(column("v"));
  for (int i = 0; i < 5; ++i) {
    run->set(v, static_cast<double>(i));
    run->commit();
    EXPECT_EQ(Experiment::open(run->folder()).row_count(), static_cast<std::size_t>(i + 1));
  }
  run->set(v, 99.0);
  EXPECT_EQ(run->experiment().row_count(), 5U);
  run->discard();
  run->set(v, 5.0);
  run->commit();
  EXPECT_EQ(run->experiment().column<double>("v"), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST(RunWriter, knows_how_much_it_has_yet_to_seal) {
  TestStore store;
  auto run = store.run();
  const std::size_t v = run->add_column(column("v"));
  EXPECT_EQ(run->unsealed_bytes(), 0U);
  constexpr std::size_t k_samples = 1'000'000;
  run->set(v, Value(std::vector<double>(k_samples)));
  run->commit();
  EXPECT_GE(run->unsealed_bytes(), k_samples * sizeof(double));
  run->finish(Outcome::finished, {});
  EXPECT_EQ(run->unsealed_bytes(), 0U);
}

TEST(RunWriter, keeps_every_kind_of_cell_bit_for_bit) {
  TestStore store;
  auto run = store.run();
  const float floats[] = {1.5F, -2.0F, 3.25F, 0.0F, 7.0F, 9.0F};
  auto owned = std::make_shared<std::vector<float>>(std::begin(floats), std::end(floats));
  const Array matrix(DType::float32, {2, 3}, std::shared_ptr<const void>(owned, owned->data()));
  auto words = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"a", "", "longer"});
  auto z = std::make_shared<std::vector<std::complex<double>>>(std::vector<std::complex<double>>{{1, 2}, {3, -4}});
  auto instants =
      std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>{1'700'000'000'000'000'007, INT64_MIN});
  Frame frame;
  frame.columns.emplace_back("t", Array(std::span<const double>(std::vector<double>{0, 1})));
  frame.columns.emplace_back("at", Array(DType::datetime64, {2}, {instants, instants->data()}));
  frame.columns.emplace_back("label", Array(DType::text, {3}, std::shared_ptr<const void>(words, words->data())));
  const std::vector<std::pair<std::string, Value>> cells = {
      {"flag", true},
      {"count", std::int64_t{-5}},
      {"volts", Value::measured(-0.0, "V")},
      {"z", std::complex<double>(1, -2)},
      {"text", "größer \"quoted\"\n"},
      {"bytes", Bytes{std::byte{0}, std::byte{255}}},
      {"at", Time{1'700'000'000'123'456'789}},
      {"matrix", matrix},
      {"flags", std::vector<bool>{true, false, true}},
      {"words", Array(DType::text, {3}, std::shared_ptr<const void>(words, words->data()))},
      {"zs", Array(DType::complex128, {2}, std::shared_ptr<const void>(z, z->data()))},
      {"scalar", Array(DType::float32, {}, std::shared_ptr<const void>(owned, owned->data()))},
      {"times", Array(DType::datetime64, {2}, std::shared_ptr<const void>(instants, instants->data()))},
      {"spans", Array(DType::timedelta64, {2}, std::shared_ptr<const void>(instants, instants->data()))},
      {"wave", Waveform{-1e-3, 1e-6, {1, 2, 3}, "V"}},
      {"frame", frame}};
  for (const auto& cell : cells) run->add_column(column(cell.first));
  constexpr int k_rows = 3;
  for (int row = 0; row < k_rows; ++row) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (row != 1) run->set(c, cells[c].second);
    }
    run->commit();
  }
  const auto check = [&](const Experiment& experiment) {
    ASSERT_EQ(experiment.row_count(), 3U);
    for (const auto& [name, value] : cells) {
      Value expected = value;
      if (name == "wave") expected.set_unit("V");
      EXPECT_TRUE(experiment.at(0, name).identical(expected)) << name;
      EXPECT_TRUE(experiment.at(1, name).is_null()) << name;
      EXPECT_TRUE(experiment.at(2, name).identical(expected)) << name;
    }
  };
  check(Experiment::open(run->folder()));
  run->finish(Outcome::finished, {});
  check(Experiment::open(run->folder()));
}

TEST(RunWriter, widens_an_int_column_that_meets_a_float_without_losing_a_digit) {
  TestStore store;
  auto run = store.run();
  const std::size_t c = run->add_column(column("c"));
  constexpr std::int64_t k_large = (std::int64_t{1} << 53) - 1;
  for (std::int64_t i = 0; i < 10'000; ++i) {
    run->set(c, k_large - i);
    run->commit();
  }
  run->set(c, 2.5);
  run->commit();
  run->set(c, std::int64_t{7});
  run->commit();
  run->finish(Outcome::finished, {});
  const Experiment experiment = Experiment::open(run->folder());
  EXPECT_EQ(experiment.columns().front().type, "float64");
  const std::vector<double> values = experiment.column<double>("c");
  ASSERT_EQ(values.size(), 10'002U);
  for (std::int64_t i = 0; i < 10'000; ++i)
    ASSERT_EQ(static_cast<std::int64_t>(values[static_cast<std::size_t>(i)]), k_large - i);
  EXPECT_EQ(values[10'000], 2.5);
  EXPECT_EQ(values[10'001], 7.0);
}

TEST(RunWriter, refuses_to_widen_what_a_float_cannot_hold) {
  TestStore store;
  auto run = store.run();
  const std::size_t c = run->add_column(column("counter"));
  run->set(c, (std::int64_t{1} << 53) + 1);
  run->commit();
  run->set(c, 0.5);
  const std::string why = reason([&] { run->commit(); });
  expect_says(why, "row 1");
  expect_says(why, "'counter'");
  expect_says(why, "int64");
  expect_says(why, "float64");
  run->discard();
  run->set(c, std::int64_t{2});
  run->commit();
  EXPECT_EQ(run->experiment().column<std::int64_t>("counter"),
            (std::vector<std::int64_t>{(std::int64_t{1} << 53) + 1, 2}));
}

TEST(RunWriter, refuses_a_changed_kind_by_name_and_keeps_earlier_rows) {
  TestStore store;
  auto run = store.run();
  const std::size_t v = run->add_column(column("v_measured"));
  const std::size_t b = run->add_column(column("flag"));
  run->set(v, 1.0);
  run->set(b, Value(true));
  run->commit();
  run->set(v, Value("overload"));
  const std::string why = reason([&] { run->commit(); });
  expect_says(why, "row 1");
  expect_says(why, "'v_measured'");
  expect_says(why, "float64");
  expect_says(why, "text");
  run->discard();
  run->set(b, std::int64_t{1});
  expect_says(reason([&] { run->commit(); }), "a column of bool met a value of int64");
  run->discard();
  EXPECT_EQ(run->experiment().row_count(), 1U);
}

TEST(RunWriter, keeps_a_column_that_first_appears_late) {
  TestStore store;
  auto run = store.run();
  const std::size_t a = run->add_column(column("a"));
  for (int i = 0; i < 3; ++i) {
    run->set(a, 1.0 * i);
    run->commit();
  }
  const std::size_t late = run->add_column(column("late"));
  run->set(a, 3.0);
  run->set(late, Value("here"));
  run->commit();
  const Experiment experiment = run->experiment();
  ASSERT_EQ(experiment.row_count(), 4U);
  EXPECT_TRUE(experiment.at(2, "late").is_null());
  EXPECT_EQ(*experiment.at(3, "late").get_if<std::string>(), "here");
  EXPECT_EQ(experiment.column<double>("a"), (std::vector<double>{0, 1, 2, 3}));
}

TEST(RunWriter, keeps_chunks_small_where_each_row_brings_a_column) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("first"));
  constexpr std::size_t k_before = 5000;
  for (std::size_t i = 0; i < k_before; ++i) {
    run->set(0, 1.0);
    run->commit();
  }
  constexpr std::size_t k_late = 40;
  for (std::size_t i = 0; i < k_late; ++i) {
    run->set(run->add_column(column("late " + std::to_string(i))), static_cast<double>(i));
    run->commit();
  }
  const std::uintmax_t size = std::filesystem::file_size(run->folder() / chunk_name(k_before + k_late - 1));
  EXPECT_LT(size, 100'000U) << "a chunk of one row reserves room for many";
  run->finish(Outcome::finished, {});
  const Experiment experiment = Experiment::open(run->folder());
  ASSERT_EQ(experiment.row_count(), k_before + k_late);
  for (std::size_t i = 0; i < k_late; ++i) {
    const std::string name = "late " + std::to_string(i);
    EXPECT_EQ(*experiment.at(k_before + i, name).get_if<double>(), static_cast<double>(i));
    EXPECT_TRUE(experiment.at(k_before + (i + 1) % k_late, name).is_null());
  }
}

TEST(RunWriter, gives_a_huge_cell_a_chunk_of_its_size) {
  TestStore store;
  auto run = store.run();
  const std::size_t w = run->add_column(column("w"));
  run->set(w, Value(std::vector<double>{1, 2, 3}));
  run->commit();
  std::vector<double> huge(12'000'000, 0.25);
  huge.back() = 7;
  run->set(w, Value(huge));
  run->commit();
  run->set(w, Value(std::vector<double>{4}));
  run->commit();
  const Experiment experiment = run->experiment();
  ASSERT_EQ(experiment.row_count(), 3U);
  const Value cell = experiment.at(1, "w");
  const Array& array = **cell.get_if<std::shared_ptr<const Array>>();
  ASSERT_EQ(array.element_count(), huge.size());
  EXPECT_EQ(static_cast<const double*>(array.data())[huge.size() - 1], 7);
}

TEST(RunWriter, refuses_a_cell_of_four_gigabytes_and_keeps_the_run) {
  TestStore store;
  auto run = store.run();
  const std::size_t w = run->add_column(column("w"));
  run->set(w, Value(std::vector<double>{1}));
  run->commit();
  const double little = 0;
  const std::shared_ptr<const void> nobody(std::shared_ptr<const void>(), &little);  // refused before it is read
  run->set(w, Value(Array(DType::float64, {std::size_t{1} << 29}, nobody)));
  expect_says(reason([&] { run->commit(); }), "row 1, column 'w': a cell of 4294 MB; a cell holds at most 2,147 MB");
  run->discard();
  run->set(w, Value(std::vector<double>{2}));
  run->commit();
  EXPECT_EQ(run->experiment().row_count(), 2U);
}

TEST(RunWriter, refuses_more_columns_than_a_run_may_have) {
  TestStore store;
  auto run = store.run();
  for (int i = 0; i < 4096; ++i) run->add_column(column("c" + std::to_string(i)));
  expect_says(reason([&] { run->add_column(column("one more")); }), "4096 columns");
  for (std::size_t i = 0; i < 4096; ++i) run->set(i, static_cast<double>(i));
  run->commit();
  EXPECT_EQ(*run->experiment().at(0, "c4095").get_if<double>(), 4095.0);
}

TEST(RunWriter, hides_timing_from_the_table_and_shows_it_apart) {
  TestStore store;
  auto run = store.run();
  const std::size_t v = run->add_column(column("v"));
  const std::size_t scheduled = run->add_column(column("scheduled", Kind::integer, ColumnRole::timing));
  const std::size_t started = run->add_column(column("started", Kind::integer, ColumnRole::timing));
  for (std::int64_t i = 0; i < 3; ++i) {
    run->set(v, 1.0);
    run->set(scheduled, 1000 * i);
    run->set(started, 1000 * i + 7 * i);
    run->commit();
  }
  const Experiment experiment = run->experiment();
  ASSERT_EQ(experiment.columns().size(), 1U);
  const Experiment timing = experiment.timing();
  std::vector<std::string> names;
  for (const Column& each : timing.columns()) names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{"index", "scheduled", "started", "lateness"}));
  EXPECT_EQ(timing.column<std::int64_t>("lateness"), (std::vector<std::int64_t>{0, 7, 14}));
  EXPECT_EQ(timing.column<std::int64_t>("index"), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(RunWriter, is_found_killed_when_nobody_finished_it) {
  TestStore store;
  std::filesystem::path folder;
  {
    auto run = store.run();
    run->set(run->add_column(column("v")), 1.0);
    run->commit();
    folder = run->folder();
    EXPECT_EQ(Experiment::open(folder).state(), RunState::running);
  }
  const Experiment experiment = Experiment::open(folder);
  EXPECT_EQ(experiment.state(), RunState::killed);
  EXPECT_EQ(experiment.row_count(), 1U);
}

TEST(RunWriter, is_inert_in_a_forked_child_which_gives_up_the_lock) {
  TestStore store;
  auto run = store.run();
  run->set(run->add_column(column("v")), 1.0);
  run->commit();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 0;
    run->set(0, 7.0);  // reaches nobody, and is no crash
    try {
      run->commit();
      code = 1;  // a child wrote into its parent's run
    } catch (const ConfigurationError&) {
    }
    run.reset();  // neither joins a thread that is not here nor seals
    // A child that outlives its parent must not make the run look alive: it waits until the parent has let go.
    char byte = 0;
    ::close(ready[1]);
    while (::read(ready[0], &byte, 1) > 0) {
    }
    ::_exit(code);
  }
  ::close(ready[0]);
  run->set(0, 2.0);
  run->commit();
  EXPECT_EQ(Experiment::open(run->folder()).state(), RunState::running);
  const std::filesystem::path folder = run->folder();
  run.reset();
  EXPECT_EQ(Experiment::open(folder).state(), RunState::killed) << "the child holds the lock";
  EXPECT_EQ(Experiment::open(folder).column<double>("v"), (std::vector<double>{1, 2}));
  ::close(ready[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status)) << "it ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(RunWriter, takes_no_row_after_its_end) {
  TestStore store;
  auto run = store.run();
  run->set(run->add_column(column("v")), 1.0);
  run->commit();
  run->finish(Outcome::finished, {});
  run->set(0, 2.0);
  try {
    run->commit();
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_NE(std::string(error.what()).find("has ended; a new row needs a new run"), std::string::npos);
  }
  EXPECT_EQ(Experiment::open(run->folder()).column<double>("v"), (std::vector<double>{1}));
}

TEST(RunWriter, takes_little_room_for_a_short_run) {
  TestStore store;
  auto run = store.run();
  for (int c = 0; c < 13; ++c) run->add_column(column("c" + std::to_string(c)));
  for (int row = 0; row < 9; ++row) {
    for (std::size_t c = 0; c < 13; ++c) run->set(c, 0.1 * row);
    run->commit();
  }
  run->finish(Outcome::finished, {});
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(run->folder())) bytes += entry.file_size();
  EXPECT_LT(bytes, 100'000U);
}

TEST(RunWriter, says_where_it_cannot_write) {
  TestStore store;
  const std::filesystem::path file = store.path() / "a file";
  io::replace_text(io::system_files(), file, "x");
  const std::string why =
      reason([&] { (void)RunWriter::create(file, {"x", {}}, base::system_clock(), io::system_files()); });
  expect_says(why, "a file");
}

TEST(RunWriter, keeps_events_and_amended_details) {
  TestStore store;
  auto run = store.run();
  run->event("pause", io::Document::object({{"who", "operator"}}));
  run->amend(io::Document::object({{"notes", "second try"}}));
  run->finish(Outcome::stopped, io::Document::object({{"error", "none"}}));
  const Experiment experiment = Experiment::open(run->folder());
  ASSERT_EQ(experiment.events().size(), 1U);
  expect_says(experiment.events().front(), R"("event":"pause")");
  expect_says(experiment.events().front(), R"("who":"operator")");
  EXPECT_EQ(experiment.notes(), "second try");
  EXPECT_EQ(experiment.state(), RunState::stopped);
}

}  // namespace
}  // namespace wheatstone::storage
