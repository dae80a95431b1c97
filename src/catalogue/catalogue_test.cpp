#include "catalogue/catalogue.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>
#include <wheatstone/store.hpp>

#include "catalogue/test_files.hpp"
#include "catalogue/test_runs.hpp"
#include "catalogue/trash.hpp"
#include "storage/annotations.hpp"

namespace wheatstone::catalogue {
namespace {

/// A store with its catalogue, whose own caches lie in the test's folder too.
class CatalogueTest : public testing::Test {
 protected:
  CatalogueTest() { ::setenv("XDG_CACHE_HOME", (store_.path() / "cache").c_str(), 1); }
  ~CatalogueTest() override { ::unsetenv("XDG_CACHE_HOME"); }

  void write_runs(int count) {
    for (int i = 0; i < count; ++i) write_run(store_, "run " + std::to_string(i));
  }
  [[nodiscard]] std::unique_ptr<Catalogue> open() { return std::make_unique<Catalogue>(store_.runs(), files_, clock_); }
  [[nodiscard]] std::filesystem::path file() const { return store_.runs() / "catalog.sqlite"; }
  /// How many runs' descriptions are read to list them all.
  int read_by_listing(Catalogue& catalogue, std::size_t expected) {
    files_.descriptions_read = 0;
    EXPECT_EQ(catalogue.runs({}).size(), expected);
    return files_.descriptions_read;
  }
  void overwrite(std::size_t at, char with) {
    std::fstream out(file(), std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at));
    out.put(with);
  }

  TestStore store_;
  TestFiles files_;
  LaterClock clock_;
};

TEST_F(CatalogueTest, reads_each_run_once_in_this_process_and_once_for_all_that_follow) {
  write_runs(20);
  const auto first = open();
  EXPECT_GE(read_by_listing(*first, 20), 20);
  EXPECT_EQ(read_by_listing(*first, 20), 0);
  EXPECT_TRUE(std::filesystem::exists(file()));
  EXPECT_EQ(read_by_listing(*open(), 20), 0);
}

TEST_F(CatalogueTest, keeps_everything_that_a_listing_says) {
  io::Document details = io::Document::object({{"description", "größer \"quoted\""},
                                               {"plan", io::Document::object({{"kind", "sweep"}})},
                                               {"script", io::Document::object({{"file", "/home/anna/iv.py"}})}});
  details["parameters"] = io::Document::array({parameter("voltage", {1, 2.5, 3}, "V")});
  details["instruments"] = io::Document::array({instrument("dmm", "Keysight,34470A,MY123,1.0")});
  const std::filesystem::path folder = write_run(store_, "IV 🚀", 3, details);
  storage::annotate(files_, folder, "tag", io::Document::object({{"tag", "good"}}));
  storage::annotate(files_, folder, "note", io::Document::object({{"text", "cable was loose"}}));
  write_runs(12);
  const RunSummary read = open()->runs({}).front();  // from the folder
  const RunSummary kept = open()->runs({}).front();  // from the file
  EXPECT_EQ(read_by_listing(*open(), 13), 0);
  for (const RunSummary& run : {read, kept}) {
    EXPECT_EQ(run.name, "IV 🚀");
    EXPECT_EQ(run.folder, folder);
    EXPECT_EQ(run.state, RunState::finished);
    EXPECT_EQ(run.row_count, 3U);
    EXPECT_EQ(run.kind, "sweep");
    EXPECT_EQ(run.description, "größer \"quoted\"");
    EXPECT_EQ(run.script, "/home/anna/iv.py");
    EXPECT_EQ(run.tags, std::vector<std::string>{"good"});
    ASSERT_EQ(run.notes.size(), 1U);
    EXPECT_EQ(run.notes[0].text, "cable was loose");
    EXPECT_GT(run.notes[0].at, run.started);
    ASSERT_EQ(run.parameters.size(), 1U);
    EXPECT_EQ(run.parameters[0].name, "voltage");
    EXPECT_EQ(run.parameters[0].unit, Unit("V"));
    EXPECT_EQ(run.parameters[0].count, 3U);
    EXPECT_EQ(run.parameters[0].least, 1.0);
    EXPECT_EQ(run.parameters[0].greatest, 3.0);
    ASSERT_EQ(run.instruments.size(), 1U);
    EXPECT_EQ(run.instruments[0].model, "34470A");
    EXPECT_EQ(run.instruments[0].serial, "MY123");
    EXPECT_EQ(run.instruments[0].maker, "Keysight");
    EXPECT_GT(run.size_bytes, 1000U);
    EXPECT_TRUE(run.ended.has_value());
    EXPECT_FALSE(run.user.empty());
    EXPECT_EQ(run.id, Experiment::open(folder).id());
  }
  EXPECT_EQ(read.started, kept.started);
  EXPECT_EQ(read.ended, kept.ended);
  EXPECT_EQ(read.size_bytes, kept.size_bytes);
}

TEST_F(CatalogueTest, follows_folders_that_are_copied_renamed_deleted_and_edited_by_hand) {
  write_runs(12);
  const auto catalogue = open();
  ASSERT_EQ(catalogue->runs({}).size(), 12U);
  const std::filesystem::path run = catalogue->runs({}).front().folder;
  std::filesystem::copy(run, store_.runs() / "a copy");
  std::vector<RunSummary> runs = catalogue->runs({});
  ASSERT_EQ(runs.size(), 13U);
  EXPECT_EQ(std::ranges::count_if(runs, &RunSummary::is_copy), 1);
  EXPECT_EQ(std::ranges::find_if(runs, &RunSummary::is_copy)->folder.filename(), "a copy");
  std::filesystem::rename(run, store_.runs() / "renamed");
  runs = catalogue->runs({});
  ASSERT_EQ(runs.size(), 13U);
  EXPECT_EQ(std::ranges::find_if(runs, &RunSummary::is_copy)->folder.filename(), "renamed");
  std::filesystem::remove_all(store_.runs() / "a copy");
  runs = catalogue->runs({});
  EXPECT_EQ(runs.size(), 12U);
  EXPECT_EQ(std::ranges::count_if(runs, &RunSummary::is_copy), 0);
  std::filesystem::remove(store_.runs() / "renamed" / "run.json");
  EXPECT_EQ(catalogue->runs({}).size(), 11U);
}

TEST_F(CatalogueTest, sees_a_tag_that_another_process_gives) {
  write_runs(12);
  const auto catalogue = open();
  const std::filesystem::path run = catalogue->runs({}).front().folder;
  storage::annotate(io::system_files(), run, "tag", io::Document::object({{"tag", "x"}}));
  EXPECT_EQ(catalogue->runs({}).front().tags, std::vector<std::string>{"x"});
  storage::annotate(io::system_files(), run, "untag", io::Document::object({{"tag", "x"}}));
  EXPECT_TRUE(catalogue->runs({}).front().tags.empty());
}

TEST_F(CatalogueTest, looks_at_runs_that_have_not_ended_each_time) {
  const auto catalogue = open();
  auto run = store_.run("live");
  const std::size_t v = run->add_column(storage::column("v"));
  for (std::uint64_t row = 0; row < 3; ++row) {
    EXPECT_EQ(catalogue->runs({}).front().row_count, row);
    EXPECT_EQ(catalogue->runs({}).front().state, RunState::running);
    run->set(v, 1.0);
    run->commit();
  }
  run.reset();
  EXPECT_EQ(catalogue->runs({}).front().state, RunState::killed);
  EXPECT_EQ(catalogue->runs({}).front().row_count, 3U);
  EXPECT_EQ(read_by_listing(*catalogue, 1), 0) << "a killed run was read again";
  auto again = storage::RunWriter::reopen(catalogue->runs({}).front().folder, {}, base::system_clock(), files_);
  EXPECT_EQ(catalogue->runs({}).front().state, RunState::running);
  again->finish(storage::Outcome::finished, {});
  EXPECT_EQ(catalogue->runs({}).front().state, RunState::finished);
}

TEST_F(CatalogueTest, trusts_no_stamp_that_is_as_young_as_a_file_system_can_tell) {
  write_runs(12);
  Catalogue catalogue(store_.runs(), files_, base::system_clock());
  ASSERT_EQ(catalogue.runs({}).size(), 12U);
  EXPECT_GE(read_by_listing(catalogue, 12), 12);
}

TEST_F(CatalogueTest, is_made_anew_where_any_byte_of_its_file_is_wrong_and_says_so_once) {
  write_runs(20);
  ASSERT_EQ(open()->runs({}).size(), 20U);
  const std::uintmax_t size = std::filesystem::file_size(file());
  for (const std::size_t at : {std::size_t{0}, std::size_t{20}, std::size_t{5000}, std::size_t{size} - 1}) {
    std::ifstream in(file(), std::ios::binary);
    in.seekg(static_cast<std::streamoff>(at));
    overwrite(at, static_cast<char>(in.get() ^ 0x40));
    const auto catalogue = open();
    EXPECT_EQ(catalogue->runs({}).size(), 20U);
    const std::vector<std::string> notices = catalogue->take_notices();
    ASSERT_EQ(notices.size(), 1U) << at;
    EXPECT_NE(notices[0].find("is damaged"), std::string::npos) << notices[0];
    EXPECT_TRUE(catalogue->take_notices().empty());
    const auto next = open();
    EXPECT_EQ(read_by_listing(*next, 20), 0) << at;
    EXPECT_TRUE(next->take_notices().empty());
  }
  std::filesystem::resize_file(file(), size / 2);
  EXPECT_EQ(open()->runs({}).size(), 20U);
  std::filesystem::resize_file(file(), 0);
  EXPECT_EQ(open()->runs({}).size(), 20U);
  EXPECT_EQ(read_by_listing(*open(), 20), 0);
}

TEST_F(CatalogueTest, that_is_damaged_is_replaced_however_few_runs_the_store_has) {
  write_runs(2);
  std::ofstream(file()) << "no catalogue";
  const auto catalogue = open();
  EXPECT_EQ(catalogue->runs({}).size(), 2U);
  EXPECT_EQ(catalogue->take_notices().size(), 1U);
  const auto next = open();
  EXPECT_EQ(next->runs({}).size(), 2U);
  EXPECT_TRUE(next->take_notices().empty()) << "said at every listing";
}

TEST_F(CatalogueTest, has_the_tags_that_a_run_was_begun_with_until_they_are_taken_away) {
  write_run(store_, "tagged", 1,
            io::Document::parse(R"({"tags": ["linear", "sample 7"], "notes": "the fan was off"})"));
  const auto catalogue = open();
  EXPECT_EQ(catalogue->runs({}).front().tags, (std::vector<std::string>{"linear", "sample 7"}));
  Store(store_.runs()).untag("last", {"linear"});
  EXPECT_EQ(catalogue->runs({}).front().tags, std::vector<std::string>{"sample 7"});
  ASSERT_EQ(catalogue->runs({}).front().notes.size(), 1U);
  EXPECT_EQ(catalogue->search("sample fan", 100, {}).hits.size(), 1U);
}

TEST_F(CatalogueTest, that_is_deleted_while_it_is_in_use_is_made_anew_and_says_so) {
  write_runs(20);
  const auto catalogue = open();
  ASSERT_EQ(catalogue->runs({}).size(), 20U);
  std::filesystem::remove(file());
  EXPECT_EQ(read_by_listing(*catalogue, 20), 0);
  ASSERT_EQ(catalogue->take_notices().size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(file()));
}

TEST_F(CatalogueTest, of_a_newer_version_is_left_as_it_is_and_another_is_used) {
  write_runs(20);
  ASSERT_EQ(open()->runs({}).size(), 20U);
  constexpr std::size_t k_version_from_end = 24;
  overwrite(std::filesystem::file_size(file()) - k_version_from_end, 9);
  const auto catalogue = open();
  EXPECT_EQ(catalogue->runs({}).size(), 20U);
  EXPECT_EQ(catalogue->take_notices().size(), 1U);
  EXPECT_EQ(read_by_listing(*open(), 20), 0) << "the other one was not kept";
  std::ifstream in(file(), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_EQ(bytes[bytes.size() - k_version_from_end], 9);
}

TEST_F(CatalogueTest, of_a_store_that_cannot_be_written_is_kept_in_the_users_cache) {
  write_runs(20);
  files_.refuse_writes_below = store_.runs().string();
  EXPECT_EQ(open()->runs({}).size(), 20U);
  EXPECT_FALSE(std::filesystem::exists(file()));
  const auto next = open();
  EXPECT_EQ(read_by_listing(*next, 20), 0);
  EXPECT_TRUE(next->take_notices().empty());
}

TEST_F(CatalogueTest, answers_all_the_same_where_it_can_be_kept_nowhere) {
  write_runs(20);
  files_.refuse_writes_below = store_.path().string();
  files_.refusal = "No space left on device";
  const auto catalogue = open();
  EXPECT_EQ(catalogue->runs({}).size(), 20U);
  EXPECT_EQ(read_by_listing(*catalogue, 20), 0) << "what was read is remembered in memory";
  EXPECT_EQ(catalogue->search("run", 100, {}).hits.size(), 20U);
  for (const auto& entry : std::filesystem::directory_iterator(store_.runs()))
    EXPECT_TRUE(entry.is_directory()) << entry.path() << " was left behind";
}

TEST_F(CatalogueTest, lists_runs_in_trouble_beside_the_others) {
  write_runs(3);
  const std::filesystem::path newer = write_run(store_, "newer");
  std::filesystem::remove(newer / "run.json");
  std::ofstream(newer / "run.json") << R"({"format": 99, "id": "01a20777-82c6-79ab-9f21-95e43e1e5733"})";
  const std::filesystem::path half = write_run(store_, "half", 5);
  std::filesystem::remove(half / "rows-000000000000.arrow");
  const std::filesystem::path corrupt = write_run(store_, "corrupt", 5);
  std::filesystem::resize_file(corrupt / "rows-000000000000.arrow", 100);
  const std::vector<RunSummary> runs = open()->runs({});
  ASSERT_EQ(runs.size(), 6U);
  const auto trouble_of = [&](const std::filesystem::path& folder) {
    return std::ranges::find(runs, folder, &RunSummary::folder)->trouble;
  };
  EXPECT_NE(trouble_of(newer).find("newer Wheatstone"), std::string::npos) << trouble_of(newer);
  EXPECT_NE(trouble_of(half).find("lacks rows 0 to 4"), std::string::npos) << trouble_of(half);
  EXPECT_NE(trouble_of(corrupt).find("rows-000000000000.arrow"), std::string::npos) << trouble_of(corrupt);
  EXPECT_EQ(std::ranges::find(runs, half, &RunSummary::folder)->name, "half");
  EXPECT_EQ(std::ranges::count(runs, std::string(), &RunSummary::trouble), 3);
}

TEST_F(CatalogueTest, of_an_empty_or_missing_store_is_empty_and_leaves_nothing_behind) {
  const auto catalogue = open();
  EXPECT_TRUE(catalogue->runs({}).empty());
  EXPECT_TRUE(catalogue->search("x", 100, {}).hits.empty());
  EXPECT_EQ(catalogue->rebuild(), 0U);
  EXPECT_FALSE(std::filesystem::exists(store_.runs()));
}

TEST_F(CatalogueTest, answers_while_other_processes_write_tag_and_delete_runs) {
  write_runs(10);
  std::vector<pid_t> children;
  for (int child = 0; child < 3; ++child) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      for (int i = 0; i < 15; ++i) {
        const std::filesystem::path run = write_run(store_, "child " + std::to_string(child));
        storage::annotate(io::system_files(), run, "tag", io::Document::object({{"tag", "t"}}));
        if (i % 3 == 2) move_to_trash(io::system_files(), run);
        Catalogue mine(store_.runs(), io::system_files(), clock_);
        if (mine.runs({}).size() < 10) ::_exit(1);
      }
      ::_exit(0);
    }
    children.push_back(pid);
  }
  const auto catalogue = open();
  bool running = true;
  while (running) {
    for (const RunSummary& run : catalogue->runs({})) EXPECT_EQ(run.trouble, "") << run.folder;
    running = ::waitpid(children.front(), nullptr, WNOHANG) == 0;
  }
  for (std::size_t child = 1; child < children.size(); ++child) {
    int status = 0;
    ::waitpid(children[child], &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(catalogue->runs({}).size(), 40U);
  EXPECT_EQ(open()->runs({}).size(), 40U);
}

TEST_F(CatalogueTest, works_in_a_forked_child) {
  write_runs(5);
  const auto catalogue = open();
  ASSERT_EQ(catalogue->runs({}).size(), 5U);
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(catalogue->runs({}).size() == 5 ? 0 : 1);
  int status = -1;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(catalogue->runs({}).size(), 5U);
}

}  // namespace
}  // namespace wheatstone::catalogue
