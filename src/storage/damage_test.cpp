// Files cut short, flipped bits, missing files, newer formats.

#include <gtest/gtest.h>

#include <fstream>
#include <wheatstone/error.hpp>

#include "base/process.hpp"
#include "storage/arrow_file.hpp"
#include "storage/experiment_state.hpp"
#include "storage/row_check.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

std::string slurp(const std::filesystem::path& path) { return io::read_text(io::system_files(), path); }

void spill(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::remove(path);  // rewriting in place makes ext4 wait for the disk at each close
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

constexpr std::size_t k_rows = 12;

double volts(std::size_t row) { return 0.125 * static_cast<double>(row) + 1; }
std::string note(std::size_t row) { return "row " + std::to_string(row * row); }

/// A run's folder as a copy taken while its writer lives: one chunk of 12 rows.
std::filesystem::path live_copy(TestStore& store) {
  auto run = store.run();
  run->add_column(column("volts"));
  run->add_column(column("note"));
  for (std::size_t row = 0; row < k_rows; ++row) {
    run->set(0, volts(row));
    run->set(1, Value(note(row)));
    run->commit();
  }
  const std::filesystem::path copy = store.path() / "copy";
  std::filesystem::copy(run->folder(), copy);
  run->finish(Outcome::finished, {});
  std::filesystem::copy(run->folder(), store.path() / "finished");
  return copy;
}

/// Whole rows from the first, as they were written.
void expect_prefix(const Experiment& experiment) {
  ASSERT_LE(experiment.row_count(), k_rows);
  for (std::size_t row = 0; row < experiment.row_count(); ++row) {
    ASSERT_EQ(*experiment.at(row, "volts").get_if<double>(), volts(row));
    ASSERT_EQ(*experiment.at(row, "note").get_if<std::string>(), note(row));
  }
}

TEST(CopyOfALiveFolder, holds_every_row_of_its_instant) {
  TestStore store;
  const Experiment experiment = Experiment::open(live_copy(store));
  EXPECT_EQ(experiment.row_count(), k_rows);
  EXPECT_EQ(experiment.state(), RunState::killed);
  expect_prefix(experiment);
}

TEST(Chunk, cut_at_every_byte_holds_a_prefix) {
  TestStore store;
  const std::filesystem::path copy = live_copy(store);
  const std::filesystem::path chunk = copy / "rows-000000000000.chunk";
  const std::string whole = slurp(chunk);
  std::size_t most = 0;
  // Beyond the last row's bytes cuts differ no more; every cut of the description and of the first rows' buffers is
  // tried.
  for (std::size_t size = 0; size <= whole.size(); size += size < 2600 || whole.size() - size < 64 ? 1 : 37) {
    spill(chunk, std::string_view(whole).substr(0, size));
    const Experiment experiment = Experiment::open(copy);
    expect_prefix(experiment);
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "cut at " << size;
    most = std::max(most, experiment.row_count());
  }
  EXPECT_EQ(most, k_rows);
}

TEST(Chunk, with_a_flipped_bit_holds_the_prefix_before_it_or_is_refused) {
  TestStore store;
  const std::filesystem::path copy = live_copy(store);
  const std::filesystem::path chunk = copy / "rows-000000000000.chunk";
  const std::string whole = slurp(chunk);
  std::size_t lost = 0;
  for (std::size_t at = 0; at < whole.size(); at += at < 2600 ? 1 : 7) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    spill(chunk, flipped);
    try {
      const Experiment experiment = Experiment::open(copy);
      if (experiment.row_count() == 0) {
        ++lost;
        continue;
      }
      expect_prefix(experiment);
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "flipped at " << at;
      lost += experiment.row_count() < k_rows ? 1 : 0;
    } catch (const StorageError&) {
      ++lost;
    }
  }
  EXPECT_GT(lost, 500U);  // header and description, at least
}

TEST(Chunk, with_a_damaged_header_is_named) {
  TestStore store;
  const std::filesystem::path copy = live_copy(store);
  const std::filesystem::path chunk = copy / "rows-000000000000.chunk";
  const std::string whole = slurp(chunk);
  std::size_t description = 0;
  std::memcpy(&description, whole.data() + 12, 4);
  for (std::size_t at = 0; at < 128 + description; ++at) {
    if (at == 64) at = 128;  // the row count and zeros that nothing reads
    for (const char flip : {'\x01', '\x10', '\x80'}) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ flip);
      spill(chunk, flipped);
      try {
        (void)Experiment::open(copy);
        FAIL() << "opened a chunk whose header was changed at " << at;
      } catch (const StorageError& error) {
        const std::string said = error.what();
        ASSERT_NE(said.find("rows-000000000000.chunk"), std::string::npos) << said;
        const bool is_newer = at >= 8 && at < 12 && said.find("has format") != std::string::npos;
        ASSERT_TRUE(is_newer || said.find("is damaged") != std::string::npos) << at << ": " << said;
      }
    }
  }
}

TEST(Chunk, that_was_being_made_when_its_writer_died_is_empty) {
  TestStore store;
  const std::filesystem::path copy = live_copy(store);
  const std::filesystem::path chunk = copy / "rows-000000000000.chunk";
  const std::string whole = slurp(chunk);
  spill(chunk, std::string(whole.size(), '\0'));
  EXPECT_EQ(Experiment::open(copy).row_count(), 0U);
  std::string unfinished = whole;
  unfinished.replace(60, 12, 12, '\0');  // neither check nor row count
  spill(chunk, unfinished);
  EXPECT_EQ(Experiment::open(copy).row_count(), 0U);
  std::string torn = whole;
  torn.replace(512, 512, 512, '\0');  // of the description, a block that never reached the medium
  spill(chunk, torn);
  EXPECT_EQ(Experiment::open(copy).row_count(), 0U);
}

TEST(Chunk, whose_count_lies_is_believed_by_its_checks_only) {
  TestStore store;
  const std::filesystem::path copy = live_copy(store);
  const std::filesystem::path chunk = copy / "rows-000000000000.chunk";
  for (const char count : {'\0', '\5', '\x7f'}) {
    std::string bytes = slurp(chunk);
    bytes[64] = count;
    spill(chunk, bytes);
    EXPECT_EQ(Experiment::open(copy).row_count(), k_rows);
  }
}

TEST(Part, with_a_flipped_bit_is_named_or_reads_as_written) {
  TestStore store;
  live_copy(store);
  const std::filesystem::path folder = store.path() / "finished";
  const std::filesystem::path part = folder / "rows-000000000000.arrow";
  const std::string whole = slurp(part);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    spill(part, flipped);
    try {
      const Experiment experiment = Experiment::open(folder);
      ASSERT_EQ(experiment.row_count(), k_rows);
      expect_prefix(experiment);
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "flipped at " << at;
    } catch (const StorageError& error) {
      ASSERT_NE(std::string(error.what()).find("rows-000000000000.arrow"), std::string::npos) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, whole.size() / 4);
  // Of the cells themselves, every flip is found.
  const std::string needle = note(0) + note(1);
  const std::size_t cells = whole.find(needle);
  ASSERT_NE(cells, std::string::npos);
  std::string flipped = whole;
  flipped[cells] ^= 1;
  spill(part, flipped);
  EXPECT_THROW((void)Experiment::open(folder).at(0, "note"), StorageError);
  EXPECT_EQ(*Experiment::open(folder).at(0, "volts").get_if<double>(), volts(0)) << "other columns can be read";
}

TEST(Part, cut_at_every_byte_is_named) {
  TestStore store;
  live_copy(store);
  const std::filesystem::path folder = store.path() / "finished";
  const std::filesystem::path part = folder / "rows-000000000000.arrow";
  const std::string whole = slurp(part);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    spill(part, std::string_view(whole).substr(0, size));
    try {
      (void)Experiment::open(folder);
      FAIL() << "opened a part cut at " << size;
    } catch (const StorageError& error) {
      ASSERT_NE(std::string(error.what()).find("rows-000000000000.arrow"), std::string::npos) << error.what();
    }
  }
}

TEST(Run, that_lacks_a_file_names_the_rows) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("v"));
  for (int i = 0; i < 100'000; ++i) {
    run->set(0, 1.0 * i);
    run->commit();
  }
  run->finish(Outcome::finished, {});
  const std::filesystem::path second = run->folder() / "rows-000000021504.arrow";
  ASSERT_TRUE(std::filesystem::exists(second));
  std::filesystem::remove(second);
  try {
    (void)Experiment::open(run->folder());
    FAIL() << "a run with a missing part was opened";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("lacks rows 21504 to 87039"), std::string::npos) << error.what();
  }
}

TEST(Run, of_a_newer_format_is_refused_with_a_sentence) {
  TestStore store;
  const std::filesystem::path copy = live_copy(store);
  std::string text = slurp(copy / "run.json");
  const std::size_t at = text.find("\"format\": 2");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 11, "\"format\": 3");
  spill(copy / "run.json", text);
  try {
    (void)Experiment::open(copy);
    FAIL() << "opened a newer format";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("format 3"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("install a newer Wheatstone"), std::string::npos) << error.what();
  }
}

TEST(Folder, that_is_no_run_is_refused) {
  TestStore store;
  EXPECT_THROW((void)Experiment::open(store.path()), StorageError);
  EXPECT_THROW((void)Experiment::open(store.path() / "nowhere"), StorageError);
}

TEST(Crc32c, is_that_of_the_standard_in_hardware_and_software) {
  constexpr std::string_view k_check = "123456789";
  EXPECT_EQ(crc32c(k_check), 0xE3069283U);
  std::string long_text(20'000, 'x');
  for (std::size_t i = 0; i < long_text.size(); ++i) long_text[i] = static_cast<char>(i * 31);
  const auto bytes = std::as_bytes(std::span(long_text));
  const std::uint64_t software = add_bytes<SoftwareCrc>(0xFFFFFFFF, bytes.data(), bytes.size());
  EXPECT_EQ(crc32c(long_text), ~static_cast<std::uint32_t>(software));
  EXPECT_EQ(crc32c(bytes.subspan(7000), crc32c(bytes.first(7000))), crc32c(long_text));
}

}  // namespace
}  // namespace wheatstone::storage
