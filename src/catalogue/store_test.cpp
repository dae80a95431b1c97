#include <wheatstone/store.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <wheatstone/error.hpp>

#include "base/test_refusal.hpp"
#include "catalogue/test_runs.hpp"
#include "storage/known_stores.hpp"

namespace wheatstone::catalogue {
namespace {

using storage::column;
using storage::known_stores_file;

TEST(Store, lists_runs_of_every_state_oldest_first) {
  TestStore store;
  write_run(store, "first", 3);
  auto second = store.run("second");
  second->set(second->add_column(column("v")), 1.0);
  second->commit();
  const std::vector<RunSummary> runs = Store(store.runs()).runs();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].name, "first");
  EXPECT_EQ(runs[0].row_count, 3U);
  EXPECT_EQ(runs[0].state, RunState::finished);
  EXPECT_EQ(runs[1].state, RunState::running);
  EXPECT_EQ(runs[1].row_count, 1U);
  second.reset();
  EXPECT_EQ(Store(store.runs()).runs()[1].state, RunState::killed);
}

TEST(Store, that_does_not_exist_yet_is_empty) {
  TestStore store;
  EXPECT_TRUE(Store(store.path() / "nowhere").runs().empty());
}

TEST(Store, finds_a_run_by_last_name_id_end_of_folder_and_folder) {
  TestStore store;
  const std::filesystem::path one = write_run(store, "IV curve", 1);
  const std::filesystem::path two = write_run(store, "noise", 1);
  const Store place(store.runs());
  const std::string id = Experiment::open(one).id();
  EXPECT_EQ(place.find("last"), two);
  EXPECT_EQ(place.find("IV curve"), one);
  EXPECT_EQ(place.find(id), one);
  EXPECT_EQ(place.find(id.substr(0, 35)), one);
  EXPECT_EQ(place.find(id.substr(id.size() - 6)), one);
  EXPECT_EQ(place.find(one.filename().string()), one);
  EXPECT_EQ(place.find(one.string()), one);
}

TEST(Store, names_the_runs_that_an_ambiguous_word_fits_and_the_nearest_to_a_misspelt_one) {
  TestStore store;
  write_run(store, "noise", 1);
  write_run(store, "noise", 1);
  const Store place(store.runs());
  try {
    (void)place.find("20");
    FAIL() << "an ambiguous prefix was taken";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("fits 2 runs"), std::string::npos) << error.what();
  }
  try {
    (void)place.find("nose");
    FAIL() << "a misspelt name was taken";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'noise'?"), std::string::npos) << error.what();
  }
}

TEST(Store, finds_a_run_whose_name_is_the_beginning_of_others_too) {
  TestStore store;
  write_run(store, "20", 1);
  write_run(store, "noise", 1);
  const std::filesystem::path latest = write_run(store, "20", 1);
  EXPECT_EQ(Store(store.runs()).find("20"), latest);
}

TEST(Store, finds_a_run_by_its_codename_before_names_and_beginnings) {
  TestStore store;
  const std::filesystem::path plain = write_run(store, "plain");
  const std::filesystem::path led = write_run(store, "LED");
  const std::filesystem::path brief = write_run(store, "brief");
  write_run(store, "led-7");
  Store place(store.runs());
  place.tag(led.string(), {"good", "codename=led-7", "codename=diode"});
  place.tag(brief.string(), {"codename=20"});
  EXPECT_EQ(place.find("led-7"), led);
  EXPECT_EQ(place.find("diode"), led);
  EXPECT_EQ(place.find("20"), brief);
  EXPECT_EQ(place.find("plain"), plain);
  EXPECT_THROW((void)place.find("good"), StorageError) << "any other tag is no name";
  place.untag(led.string(), {"codename=diode"});
  EXPECT_THROW((void)place.find("diode"), StorageError);
}

TEST(Store, names_the_runs_that_share_a_codename) {
  TestStore store;
  const std::filesystem::path one = write_run(store, "one");
  const std::filesystem::path two = write_run(store, "two");
  Store place(store.runs());
  place.tag(one.string(), {"codename=led-7"});
  place.tag(two.string(), {"codename=led-7"});
  try {
    (void)place.find("led-7");
    FAIL() << "one of two was taken";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("'led-7' fits 2 runs"), std::string::npos) << error.what();
  }
  std::filesystem::copy(one, store.runs() / "copied", std::filesystem::copy_options::recursive);
  place.untag(two.string(), {"codename=led-7"});
  EXPECT_EQ(place.find("led-7"), one) << "a copy is not another run";
}

TEST(Store, is_remembered_so_that_its_runs_are_found_from_anywhere) {
  TestStore store;
  const std::filesystem::path run = write_run(store, "IV curve", 1);
  write_run(store, "IV curve", 1);
  ASSERT_EQ(Store::known(), (std::vector<std::filesystem::path>{store.runs()}));
  EXPECT_EQ(Store(store.path() / "elsewhere").find(run.filename().string()), run);
  std::filesystem::remove_all(store.runs());
  EXPECT_TRUE(Store::known().empty());
}

TEST(Store, that_was_named_has_the_last_run_or_none) {
  TestStore store;
  write_run(store, "in a known store", 1);
  const std::filesystem::path named = store.path() / "named";
  std::filesystem::create_directory(named);
  EXPECT_THROW((void)Store(named).find("last"), StorageError);
  EXPECT_THROW((void)Store(store.path() / "missing").find("last"), StorageError);
  ::setenv("WHEATSTONE_STORE", named.c_str(), 1);
  EXPECT_THROW((void)Store().find("last"), StorageError);
  ::unsetenv("WHEATSTONE_STORE");
  const std::filesystem::path unreadable = named / "2026-01-02T03-04-05Z_iv-curve_01a9c4";
  std::filesystem::create_directory(unreadable);
  io::replace_text(io::system_files(), unreadable / "events.jsonl", "");
  try {
    (void)Store(named).find("last");
    FAIL() << "a run of another store was taken";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find(unreadable.filename().string()), std::string::npos) << error.what();
  }
}

TEST(Store, that_was_named_changes_no_run_of_another_one) {
  TestStore store;
  const std::filesystem::path elsewhere = write_run(store, "in a known store", 1);
  const std::string id = elsewhere.filename().string().substr(elsewhere.filename().string().size() - 6);
  Store named(store.path() / "named");
  EXPECT_EQ(named.find(id), elsewhere);
  for (const std::function<void()>& change : std::vector<std::function<void()>>{
           [&] { named.tag(id, {"x"}); }, [&] { named.untag(id, {"x"}); }, [&] { named.annotate(id, "x"); },
           [&] { named.compact(id); }, [&] { named.recover(id); }, [&] { named.trash(id); },
           [&] { named.tag(elsewhere.string(), {"x"}); }})
    base::expect_says(base::reason<StorageError>(change), "is in another store");
  EXPECT_TRUE(named.summary(id).tags.empty());
  Store own(store.runs() / "");
  own.tag(id, {"x"});
  Store().tag(id, {"y"});
  EXPECT_EQ(own.summary(id).tags, (std::vector<std::string>{"x", "y"}));
}

TEST(Store, that_nobody_named_gives_the_last_run_of_a_known_store_only_where_it_does_not_exist) {
  TestStore store;
  const std::filesystem::path elsewhere = write_run(store, "in a known store", 1);
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(store.path());
  ::unsetenv("WHEATSTONE_STORE");
  EXPECT_EQ(Store().find("last"), elsewhere);
  std::filesystem::create_directory("wheatstone-runs");
  EXPECT_THROW((void)Store().find("last"), StorageError);
  std::filesystem::current_path(before);
}

TEST(Store, lists_a_folder_of_a_run_whose_description_is_missing) {
  TestStore store;
  const std::filesystem::path run = write_run(store, "x", 1);
  std::filesystem::remove(run / "run.json");
  std::filesystem::create_directory(store.runs() / "something else");
  const std::vector<RunSummary> runs = Store(store.runs()).runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs.front().folder, run);
  EXPECT_NE(runs.front().trouble.find("run.json"), std::string::npos) << runs.front().trouble;
}

TEST(Store, lists_a_run_that_cannot_be_read_with_its_trouble) {
  TestStore store;
  const std::filesystem::path run = write_run(store, "x", 1);
  std::filesystem::remove(run / "run.json");
  io::replace_text(io::system_files(), run / "run.json", "{broken");
  const std::vector<RunSummary> runs = Store(store.runs()).runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_NE(runs.front().trouble.find("run.json"), std::string::npos);
  EXPECT_EQ(Store(store.runs()).find(run.filename().string()), run);
}

TEST(Store, of_a_test_is_not_remembered_among_those_of_the_user) {
  const std::string list = known_stores_file().value().string();
  EXPECT_TRUE(list.starts_with(std::filesystem::temp_directory_path().string())) << list;
}

TEST(Store, takes_its_default_place_from_the_environment) {
  ::setenv("WHEATSTONE_STORE", "/somewhere/else", 1);
  EXPECT_EQ(Store().folder(), "/somewhere/else");
  ::unsetenv("WHEATSTONE_STORE");
  EXPECT_EQ(Store().folder(), "wheatstone-runs");
}

}  // namespace
}  // namespace wheatstone::catalogue
