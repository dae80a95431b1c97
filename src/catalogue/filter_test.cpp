// Runs by what is asked of them.

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "catalogue/matching.hpp"
#include "catalogue/test_runs.hpp"

namespace wheatstone::catalogue {
namespace {

class Filter : public testing::Test {
 protected:
  /// Names of the runs that fit.
  std::vector<std::string> fitting(const RunFilter& filter) {
    std::vector<std::string> names;
    for (const RunSummary& run : Store(store_.runs()).runs(filter)) names.push_back(run.name);
    return names;
  }
  using Names = std::vector<std::string>;

  TestStore store_;
};

TEST_F(Filter, has_names_with_parts_wildcards_spaces_slashes_and_emoji) {
  const std::string long_name(300, 'x');
  for (const std::string& name :
       {std::string("IV curve"), std::string("a/b\\c: *?"), std::string("🚀 Größe"), long_name})
    write_run(store_, name);
  EXPECT_EQ(fitting({.name = "curve"}), Names{"IV curve"});
  EXPECT_EQ(fitting({.name = "iv*"}), Names{"IV curve"});
  EXPECT_EQ(fitting({.name = "?v curve"}), Names{"IV curve"});
  EXPECT_EQ(fitting({.name = "*v"}), Names{});
  EXPECT_EQ(fitting({.name = "a/b"}), Names{"a/b\\c: *?"});
  EXPECT_EQ(fitting({.name = "🚀"}), Names{"🚀 Größe"});
  EXPECT_EQ(fitting({.name = "? größe"}), Names{"🚀 Größe"});
  EXPECT_EQ(fitting({.name = "GRÖ"}), Names{"🚀 Größe"});
  EXPECT_EQ(fitting({.name = long_name}), Names{long_name});
  const Store store(store_.runs());
  for (const RunSummary& run : store.runs()) EXPECT_EQ(store.find(run.name), run.folder);
}

TEST_F(Filter, has_times_states_and_tags) {
  write_run(store_, "first");
  write_run(store_, "second");
  (void)store_.run("killed");
  Store store(store_.runs());
  const std::vector<RunSummary> runs = store.runs();
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(fitting({.from = runs[1].started}), (Names{"second", "killed"}));
  EXPECT_EQ(fitting({.until = runs[1].started}), Names{"first"});
  EXPECT_EQ(fitting({.states = {RunState::killed, RunState::failed}}), Names{"killed"});
  store.tag("first", {"a", "b"});
  store.tag("second", {"b"});
  EXPECT_EQ(fitting({.tags = {"b"}}), (Names{"first", "second"}));
  EXPECT_EQ(fitting({.tags = {"b", "a"}}), Names{"first"});
  EXPECT_EQ(fitting({.tags = {"B"}}), Names{});
}

TEST_F(Filter, has_instruments_by_alias_model_serial_number_and_profile) {
  io::Document details = io::Document::object();
  details["instruments"] = io::Document::array({instrument("dmm", "Keysight Technologies,34470A,MY60012345,A.03")});
  write_run(store_, "with", 1, details);
  write_run(store_, "without");
  for (const char* pattern : {"dmm", "34470A", "34470a", "MY60012345", "keysight/*", "*/34470A"})
    EXPECT_EQ(fitting({.instrument = pattern}), Names{"with"}) << pattern;
  EXPECT_EQ(fitting({.instrument = "psu"}), Names{});
}

TEST_F(Filter, has_parameters_and_their_values) {
  io::Document details = io::Document::object();
  details["parameters"] = io::Document::array(
      {parameter("voltage", {0.1, 0.30000000000000004, 5}, "V"), parameter("device", {"D7", "Größe"})});
  write_run(store_, "with", 1, details);
  write_run(store_, "without");
  const auto has = [&](ParameterFilter wanted) {
    return fitting({.parameters = {std::move(wanted)}}) == Names{"with"};
  };
  EXPECT_TRUE(has({.name = "voltage"}));
  EXPECT_FALSE(has({.name = "volt"}));
  EXPECT_TRUE(has({.name = "voltage", .value = 0.3}));
  EXPECT_TRUE(has({.name = "voltage", .value = std::int64_t{5}}));
  EXPECT_FALSE(has({.name = "voltage", .value = 0.2}));
  EXPECT_FALSE(has({.name = "voltage", .value = Value("5")}));
  EXPECT_TRUE(has({.name = "voltage", .at_least = 4.0}));
  EXPECT_FALSE(has({.name = "voltage", .at_least = 1.0, .at_most = 4.0}));
  EXPECT_FALSE(has({.name = "voltage", .at_least = 6.0}));
  EXPECT_TRUE(has({.name = "device", .value = Value("d7")}));
  EXPECT_TRUE(has({.name = "device", .value = Value("grÖße")}));
  EXPECT_FALSE(has({.name = "device", .value = 7.0}));
}

TEST_F(Filter, looks_at_the_rows_for_values_that_no_list_has) {
  io::Document streamed =
      io::Document::object({{"name", "v"}, {"unit", ""}, {"notes", ""}, {"values_are", "streamed"}});
  io::Document details = io::Document::object();
  details["parameters"] = io::Document::array({streamed});
  write_run(store_, "four", 4, details);
  EXPECT_EQ(fitting({.parameters = {{.name = "v", .value = 3.0}}}), Names{"four"});
  EXPECT_EQ(fitting({.parameters = {{.name = "v", .value = 4.0}}}), Names{});
}

TEST(Matching, ignores_case_in_latin_greek_and_cyrillic) {
  EXPECT_TRUE(fits("größe", "GRÖßE"));
  EXPECT_TRUE(fits("ŁÓDŹ", "łódź"));
  EXPECT_TRUE(fits("ΔΩ", "δω"));
  EXPECT_TRUE(fits("шум", "ШУМ"));
  EXPECT_TRUE(fits("\u2126", "ω"));
  EXPECT_FALSE(fits("a", "ä"));
  EXPECT_TRUE(fits("", "anything"));
  EXPECT_TRUE(fits("a*b*c", "aXbXbc"));
  EXPECT_FALSE(fits("a*b*c", "aXbXb"));
  EXPECT_TRUE(fits("\xff*", "\xff\xfe"));
}

}  // namespace
}  // namespace wheatstone::catalogue
