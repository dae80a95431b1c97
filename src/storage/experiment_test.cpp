#include <wheatstone/experiment.hpp>

#include <gtest/gtest.h>
#include <nanoarrow/nanoarrow.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <wheatstone/error.hpp>

#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

/// A consumer of the Arrow C stream interface: all its batches, released at the end.
class Consumer {
 public:
  explicit Consumer(const Experiment& experiment) {
    ArrowArrayStream stream{};
    experiment.to_arrow(&stream);
    EXPECT_EQ(stream.get_schema(&stream, &schema), 0) << stream.get_last_error(&stream);
    while (true) {
      ArrowArray array{};
      const int code = stream.get_next(&stream, &array);
      EXPECT_EQ(code, 0) << stream.get_last_error(&stream);
      if (code != 0 || array.release == nullptr) break;
      batches.push_back(array);
    }
    stream.release(&stream);
  }
  ~Consumer() {
    for (ArrowArray& batch : batches) batch.release(&batch);
    schema.release(&schema);
  }
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  [[nodiscard]] std::string format(std::int64_t column) const { return schema.children[column]->format; }
  void expect_valid() const {
    for (const ArrowArray& batch : batches) {
      ArrowArrayView view;
      ArrowError error;
      ASSERT_EQ(ArrowArrayViewInitFromSchema(&view, &schema, &error), NANOARROW_OK);
      EXPECT_EQ(ArrowArrayViewSetArray(&view, &batch, &error), NANOARROW_OK) << ArrowErrorMessage(&error);
      EXPECT_EQ(ArrowArrayViewValidate(&view, NANOARROW_VALIDATION_LEVEL_FULL, &error), NANOARROW_OK)
          << ArrowErrorMessage(&error);
      ArrowArrayViewReset(&view);
    }
  }

  ArrowSchema schema{};
  std::vector<ArrowArray> batches;
};

TEST(Experiment, hands_numbers_over_without_a_copy_and_keeps_their_files) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("v"));
  for (int i = 0; i < 2000; ++i) {
    run->set(0, 0.5 * i);
    run->commit();
  }
  run->finish(Outcome::finished, {});
  auto experiment = std::make_unique<Experiment>(Experiment::open(run->folder()));
  const Consumer first(*experiment);
  const Consumer second(*experiment);
  experiment.reset();
  std::filesystem::remove_all(run->folder());
  ASSERT_EQ(first.batches.size(), second.batches.size());
  std::int64_t row = 0;
  for (std::size_t b = 0; b < first.batches.size(); ++b) {
    const auto* values = static_cast<const double*>(first.batches[b].children[0]->buffers[1]);
    EXPECT_EQ(values, second.batches[b].children[0]->buffers[1]) << "each had a copy of its own";
    for (std::int64_t i = 0; i < first.batches[b].length; ++i) ASSERT_EQ(values[i], 0.5 * static_cast<double>(row++));
  }
  EXPECT_EQ(row, 2000);
}

TEST(Experiment, hands_out_columns_batch_by_batch_without_a_copy) {
  TestStore store;
  auto run = store.run();
  for (const char* name : {"whole", "holes", "widened", "at", "word"}) run->add_column(column(name));
  constexpr std::size_t k_rows = 3000;
  for (std::size_t row = 0; row < k_rows; ++row) {
    const auto integer = static_cast<std::int64_t>(row);
    run->set(0, integer);
    if (row % 3 != 0) run->set(1, 0.5 * static_cast<double>(row));
    if (row < 2000)
      run->set(2, integer);
    else
      run->set(2, 0.25 + static_cast<double>(row));
    run->set(3, Value(Time{integer}));
    run->set(4, Value("x"));
    if (row == 1500) run->add_column(column("late"));
    if (row >= 1500) run->set(5, 1.0);
    run->commit();
  }
  const auto check = [&](const Experiment& experiment) {
    std::size_t next = 0;
    for (std::size_t b = 0; b < experiment.batch_count(); ++b) {
      const auto whole = experiment.batch<std::int64_t>(b, "whole");
      const auto holes = experiment.batch<double>(b, "holes");
      const auto widened = experiment.batch<double>(b, "widened");
      const auto late = experiment.batch<double>(b, "late");
      const auto at = experiment.batch<Time>(b, "at");
      ASSERT_EQ(whole.first_row, next);
      EXPECT_EQ(whole.validity, nullptr);
      for (std::size_t i = 0; i < whole.values.size(); ++i, ++next) {
        ASSERT_EQ(whole.values[i], static_cast<std::int64_t>(next));
        ASSERT_EQ(holes.is_null(i), next % 3 == 0) << next;
        ASSERT_EQ(holes.values[i], next % 3 == 0 ? 0.0 : 0.5 * static_cast<double>(next));
        ASSERT_EQ(widened.values[i], static_cast<double>(next) + (next < 2000 ? 0 : 0.25));
        ASSERT_EQ(late.is_null(i), next < 1500) << next;
        ASSERT_EQ(at.values[i].nanoseconds, static_cast<std::int64_t>(next));
      }
    }
    EXPECT_EQ(next, k_rows);
    EXPECT_THROW(static_cast<void>(experiment.batch<double>(experiment.batch_count(), "holes")), DataError);
    EXPECT_THROW(static_cast<void>(experiment.batch<double>(0, "word")), DataError);
    EXPECT_THROW(static_cast<void>(experiment.batch<std::int64_t>(0, "holes")), DataError);
  };
  check(run->experiment());
  run->finish(Outcome::finished, {});
  const Experiment experiment = Experiment::open(run->folder());
  check(experiment);
  EXPECT_EQ(experiment.batch<std::int64_t>(0, "whole").values.data(),
            experiment.batch<std::int64_t>(0, "whole").values.data())
      << "a copy was made";
}

TEST(Column, is_the_same_as_text_and_as_a_document) {
  for (const std::string name : {"volts", "U/\"V\" \\", "größe\n\t", ""}) {
    for (const Value::Kind kind : {Value::Kind::null, Value::Kind::boolean, Value::Kind::integer, Value::Kind::real,
                                   Value::Kind::complex, Value::Kind::text, Value::Kind::time, Value::Kind::waveform}) {
      const ColumnInfo column{name, 7, 3, kind, ColumnRole::result, Unit("Ω"), "a note", type_of(kind)};
      EXPECT_EQ(to_text(column), to_document(column).dump());
    }
    const ColumnInfo empty_frame{name, 7, 3, Value::Kind::frame, ColumnRole::result, {}, "", type_of(Value(Frame{}))};
    EXPECT_EQ(to_text(empty_frame), to_document(empty_frame).dump());
  }
}

TEST(Experiment, gives_every_kind_its_arrow_type) {
  TestStore store;
  auto run = store.run();
  for (const char* name : {"b", "i", "f", "z", "u", "bytes", "t", "flat", "ragged", "square", "cubes", "w", "frame",
                           "never", "widened", "late"}) {
    run->add_column(column(name));
  }
  auto four = std::make_shared<std::vector<double>>(std::vector<double>{1, 2, 3, 4, 5, 6});
  const auto array = [&](std::vector<std::size_t> shape) {
    return Array(DType::float64, std::move(shape), {four, four->data()});
  };
  Frame frame;
  frame.columns.emplace_back("x", array({3}));
  for (std::size_t row = 0; row < 3; ++row) {
    run->set(0, Value(row == 1));
    run->set(1, static_cast<std::int64_t>(row));
    if (row != 1) run->set(2, 1.5);
    run->set(3, Value(std::complex<double>(1, 2)));
    run->set(4, Value("text"));
    run->set(5, Value(Bytes{std::byte{7}}));
    run->set(6, Value(Time{5}));
    run->set(7, Value(array({3})));
    run->set(8, Value(array({row + 1})));
    run->set(9, Value(array({2, 3})));
    run->set(10, Value(array({row + 1, 1})));
    run->set(11, Value(Waveform{0, 1e-6, {1, 2}, "V"}));
    run->set(12, Value(frame));
    if (row == 2)
      run->set(14, 2.5);
    else
      run->set(14, static_cast<std::int64_t>(row));
    if (row == 2) run->set(15, Value(array({2})));
    run->commit();
    frame.columns.emplace_back("y" + std::to_string(row), array({2}));
  }
  const Consumer live(run->experiment());
  run->finish(Outcome::finished, {});
  const Experiment experiment = Experiment::open(run->folder());
  const Consumer sealed(experiment);
  const std::vector<std::string> formats = {"b",  "l",    "g",  "+s", "U",  "Z", "tsn:UTC", "+w:3",
                                            "+L", "+w:2", "+s", "+s", "+s", "n", "g",       "+L"};
  for (const Consumer* consumer : {&live, &sealed}) {
    consumer->expect_valid();
    for (std::size_t c = 0; c < formats.size(); ++c)
      EXPECT_EQ(consumer->format(static_cast<std::int64_t>(c)), formats[c]) << c;
    EXPECT_EQ(std::string(consumer->schema.children[9]->children[0]->format), "+w:3");
    EXPECT_EQ(consumer->schema.children[12]->n_children, 3);
  }
  const Value cell = experiment.at(2, "frame");
  EXPECT_EQ((*cell.get_if<std::shared_ptr<const Frame>>())->columns.size(), 3U);
  EXPECT_EQ(experiment.unit("w").label(), "V");
  EXPECT_EQ(experiment.column<double>("widened"), (std::vector<double>{0, 1, 2.5}));
  EXPECT_TRUE(std::isnan(experiment.column<double>("f")[1]));
}

TEST(Experiment, names_the_nearest_column_and_what_a_cell_is) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("v_measured"));
  run->add_column(column("label"));
  run->set(0, 1.0);
  run->set(1, Value("a"));
  run->commit();
  const Experiment experiment = run->experiment();
  const auto reason = [](const auto& action) -> std::string {
    try {
      action();
    } catch (const DataError& error) {
      return error.what();
    }
    return "nothing was refused";
  };
  EXPECT_NE(reason([&] { (void)experiment.at(0, "v_mesured"); }).find("did you mean 'v_measured'?"), std::string::npos);
  EXPECT_NE(reason([&] { (void)experiment.at(1, "label"); }).find("has 1 rows"), std::string::npos);
  EXPECT_NE(reason([&] { (void)experiment.column<double>("label"); }).find("row 0 holds text"), std::string::npos);
}

TEST(Experiment, shows_first_and_last_rows_as_a_table) {
  TestStore store;
  auto run = store.run();
  ColumnSpec volts = column("v");
  volts.unit = "V";
  run->add_column(volts);
  for (int i = 0; i < 20; ++i) {
    run->set(0, 1.0 * i);
    run->commit();
  }
  EXPECT_EQ(run->experiment().table(4), "v [V]\n    0\n    1\n  ...\n   18\n   19\n");
  EXPECT_EQ(run->experiment().table(20).find("..."), std::string::npos);
  EXPECT_EQ(run->experiment().table(0), "v [V]\n") << "no row was asked for";
}

}  // namespace
}  // namespace wheatstone::storage
