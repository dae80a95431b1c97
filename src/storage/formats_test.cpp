// Runs that earlier versions of the format left keep opening, and may be gone on with.

#include <gtest/gtest.h>

#include <filesystem>

#include "storage/chunk_format.hpp"
#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

namespace fs = std::filesystem;

fs::path format(int version) { return fs::path(WHEATSTONE_SOURCE_DIR) / "tests" / "formats" / std::to_string(version); }

/// What the program that wrote the runs of format 1 measured at n.
void expect_row(const Experiment& experiment, std::size_t n) {
  const auto k = static_cast<std::int64_t>(n);
  EXPECT_EQ(*experiment.at(n, "n").get_if<std::int64_t>(), k);
  EXPECT_EQ(*experiment.at(n, "half").get_if<double>(), 0.5 * static_cast<double>(n));
  EXPECT_EQ(*experiment.at(n, "z").get_if<std::complex<double>>(), std::complex<double>(double(n), -double(n)));
  EXPECT_EQ(experiment.at(n, "word").get_if<std::string>()->size(), 2 * n);
  const Value cell = experiment.at(n, "array");
  const Array& array = **cell.get_if<std::shared_ptr<const Array>>();
  EXPECT_EQ(array.dtype(), DType::int16);
  ASSERT_EQ(array.element_count(), n + 1);
  EXPECT_EQ(static_cast<const std::int16_t*>(array.data())[n], k);
  const Value table = experiment.at(n, "frame");
  const auto& columns = (*table.get_if<std::shared_ptr<const Frame>>())->columns;
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(static_cast<const double*>(columns[0].second.data())[1], static_cast<double>(n));
  EXPECT_EQ(static_cast<const std::string*>(columns[1].second.data())[1], std::to_string(n));
  EXPECT_EQ(experiment.at(n, "late").is_null(), n < 3);
}

TEST(Format1, of_a_run_that_finished_is_read) {
  const Experiment experiment = Experiment::open(format(1) / "finished");
  ASSERT_EQ(experiment.row_count(), 6U);
  for (std::size_t n = 0; n < 6; ++n) expect_row(experiment, n);
}

TEST(Format1, of_a_killed_run_is_read_and_gone_on_with) {
  TestStore store;
  const fs::path folder = store.path() / "killed";
  fs::copy(format(1) / "killed", folder);
  {
    const Experiment experiment = Experiment::open(folder);
    EXPECT_EQ(experiment.state(), RunState::killed);
    ASSERT_EQ(experiment.row_count(), 5U);
    for (std::size_t n = 0; n < 5; ++n) expect_row(experiment, n);
  }
  auto run = RunWriter::reopen(folder, {}, base::system_clock(), io::system_files());
  const std::size_t array = run->add_column(column("array"));
  const std::size_t frame = run->add_column(column("frame"));
  run->set(array, Value(std::vector<std::int32_t>{70000}));
  const std::vector<std::optional<double>> reals = {0.5, std::nullopt};
  const Frame with_missing{{{"t", Array(std::span<const std::optional<double>>(reals))}}};
  run->set(frame, Value(with_missing));
  run->commit();
  run->finish(Outcome::finished, {});
  const Experiment whole = Experiment::open(folder);
  ASSERT_EQ(whole.row_count(), 6U);
  EXPECT_TRUE(whole.at(5, "frame").identical(Value(with_missing)));
  const Value widened = whole.at(4, "array");
  EXPECT_EQ((*widened.get_if<std::shared_ptr<const Array>>())->dtype(), DType::int32);
  EXPECT_EQ(read_record(io::system_files(), folder).document.find("format")->get_if<std::int64_t>()[0],
            std::int64_t{k_format_version});
}

}  // namespace
}  // namespace wheatstone::storage
