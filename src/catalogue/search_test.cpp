// What people type into a search, and what it finds.

#include <gtest/gtest.h>

#include <algorithm>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "catalogue/search_words.hpp"
#include "catalogue/test_runs.hpp"

namespace wheatstone::catalogue {
namespace {

class Search : public testing::Test {
 protected:
  Search() {
    io::Document details = io::Document::object({{"description", "Leakage of the \"red\" diode, AND nothing else"}});
    details["instruments"] = io::Document::array({instrument("psu", "Keysight Technologies,EDU36311A,CN00000001,1.0.2"),
                                                  instrument("dmm", "Keysight Technologies,34470A,MY60012345,A.03")});
    details["parameters"] = io::Document::array({parameter("gate_voltage", {1, 2}, "V")});
    write_run(store_, "IV-curve", 1, details);
    write_run(store_, "Überspannung am Messgerät µA");
    write_run(store_, "Straße 🚀launch");
    write_run(store_, "noise (col:umn) NEAR* ^x");
  }
  /// Names of the runs found, in alphabetical order.
  std::vector<std::string> found(std::string_view words, const RunFilter& filter = {}) {
    std::vector<std::string> names;
    for (const SearchHit& hit : Store(store_.runs()).search(words, filter)) names.push_back(hit.run.name);
    std::ranges::sort(names);
    return names;
  }
  void expect_only(const std::string& name, std::initializer_list<std::string_view> all) {
    for (const std::string_view words : all) EXPECT_EQ(found(words), std::vector<std::string>{name}) << words;
  }

  TestStore store_;
};

TEST_F(Search, takes_words_as_people_type_them) {
  expect_only("IV-curve",
              {"IV-curve", "iv-curve", "IV curve", "curve iv", "\"IV curve\"", "„IV-curve“", "«iv curve»", "cur",
               "IV-cur", "leak dio", "\"red\"", "\"red", "red\"", "AND", "diode,", "(diode)", "the \"red\" diode"});
  expect_only("Überspannung am Messgerät µA", {"Überspannung", "überspannung", "uberspannung", "ueberspannung", "Ubers",
                                               "Messgeraet", "messgerät", "MESSGERÄT", "µA", "μA", "messger"});
  expect_only("Straße 🚀launch", {"straße", "strasse", "Strasse", "🚀", "launch", "🚀launch", "🚀 launch"});
  expect_only("noise (col:umn) NEAR* ^x", {"(col:umn)", "col:umn", "NEAR*", "^x", "NEAR", "noise -x", "umn"});
}

TEST_F(Search, passes_over_punctuation_that_stands_alone) {
  expect_only("IV-curve", {"IV - curve", "IV & curve", "IV – curve", "* iv", "curve (", "± red € %", "red → diode ∞"});
  EXPECT_TRUE(found("%").empty());
  EXPECT_TRUE(found("IV & launch").empty());
  write_run(store_, "oven at 85 °C", 1);
  expect_only("oven at 85 °C", {"85 °C", "85 - °C", "oven @ 85", "@ °"});
}

TEST_F(Search, finds_instruments_parameters_columns_and_parts_of_model_numbers) {
  expect_only("IV-curve", {"EDU36311A", "edu36311", "36311A", "36311", "34470a", "MY60012345", "60012345",
                           "gate_voltage", "gate", "voltage", "psu dmm", "Keysight 34470A"});
  EXPECT_EQ(found("v").size(), 4U) << "the column v is in every run";
}

TEST_F(Search, takes_double_s_for_sharp_s_and_spelt_out_umlauts_for_umlauts_both_ways) {
  write_run(store_, "Größe 7 der Öffnung");
  write_run(store_, "GRÖSSE 8");
  write_run(store_, "groesse 9");
  const std::vector<std::string> all = {"GRÖSSE 8", "Größe 7 der Öffnung", "groesse 9"};
  EXPECT_EQ(found("größe"), all);
  EXPECT_EQ(found("GRÖẞE"), all);
  EXPECT_EQ(found("GRÖSSE"), all);
  EXPECT_EQ(found("gröss"), all);
  const std::vector<std::string> without_e = {"GRÖSSE 8", "Größe 7 der Öffnung"};
  EXPECT_EQ(found("grosse"), without_e);
  EXPECT_EQ(found("gross"), without_e) << "the beginning of a word too";
  expect_only("Größe 7 der Öffnung", {"\"Grösse 7\"", "GRÖSSE-7", "grosse offnung", "groesse oeff"});
  EXPECT_EQ(found("", {.name = "gröSSe"}).size(), 0U);
  EXPECT_EQ(Store(store_.runs()).runs({.name = "größe"}).size(), 2U);
  EXPECT_EQ(Store(store_.runs()).runs({.name = "GRÖSSE 7*"}).size(), 1U);
}

TEST_F(Search, gives_the_best_of_many_and_says_how_many_there_are) {
  for (int i = 0; i < 60; ++i) write_run(store_, "many " + std::to_string(i), i % 2);
  write_run(store_, "last", 1, io::Document::object({{"description", "one of many"}}));
  const Store store(store_.runs());
  const SearchPage page = store.search_page("many", 5);
  EXPECT_EQ(page.found, 61U);
  ASSERT_EQ(page.hits.size(), 5U);
  const std::vector<SearchHit> all = store.search("many");
  ASSERT_EQ(all.size(), 61U);
  for (std::size_t i = 0; i < page.hits.size(); ++i) EXPECT_EQ(page.hits[i].run.id, all[i].run.id) << i;
  EXPECT_EQ(all.back().run.name, "last") << "a word in the name says more";
  const SearchPage some = store.search_page("many", 3, {.name = "many 1*"});
  EXPECT_EQ(some.found, 11U);
  EXPECT_EQ(some.hits.size(), 3U);
  EXPECT_EQ(store.search_page("many", 0).found, 61U);
  EXPECT_EQ(store.search_page("nowhere", 5).found, 0U);
}

TEST_F(Search, has_phrases_between_quotes_and_across_one_text_only) {
  EXPECT_TRUE(found("\"curve iv\"").empty());
  EXPECT_TRUE(found("\"leak\"").empty()) << "in quotes a word is whole";
  EXPECT_TRUE(found("\"psu dmm\"").empty()) << "two texts are no phrase";
  EXPECT_TRUE(found("curve noise").empty()) << "all words must be there";
}

TEST_F(Search, of_any_text_is_no_error) {
  const std::vector<std::string> all = {"",
                                        " ",
                                        "\"",
                                        "\"\"",
                                        "'",
                                        "-",
                                        "*",
                                        "^",
                                        ":",
                                        "()",
                                        ")(",
                                        "a\"b",
                                        "\"a\" OR",
                                        "OR",
                                        "NOT",
                                        "AND AND",
                                        "name:",
                                        "{a b}:c",
                                        "a + b",
                                        "NEAR(a b, 2)",
                                        "--",
                                        ";",
                                        "\\",
                                        "%",
                                        "_",
                                        std::string("a\0b", 3),
                                        "\xff\xfe",
                                        "\n\t",
                                        "🚀",
                                        "\u200d",
                                        "\xc3",
                                        "SELECT 1; DROP TABLE run",
                                        std::string(100'000, 'x'),
                                        std::string(5000, '"')};
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "w" + std::to_string(i) + " ";
  for (const std::string& words : all) EXPECT_NO_THROW((void)found(words)) << words.substr(0, 40);
  EXPECT_NO_THROW((void)found(many));
  for (int c = 1; c < 256; ++c) {
    const std::string letter(1, static_cast<char>(c));
    for (const std::string& words : {letter, "a" + letter, letter + "a", "\"" + letter, letter + " " + letter})
      EXPECT_NO_THROW((void)found(words)) << c;
  }
}

TEST_F(Search, puts_what_a_run_is_called_before_what_it_mentions) {
  io::Document details = io::Document::object({{"description", "like the noise run of yesterday"}});
  write_run(store_, "other", 1, details);
  const std::vector<SearchHit> hits = Store(store_.runs()).search("noise");
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].run.name, "noise (col:umn) NEAR* ^x");
  EXPECT_EQ(hits[0].excerpt, "«noise» (col:umn) NEAR* ^x");
  EXPECT_NE(hits[1].excerpt.find("the «noise» run"), std::string::npos) << hits[1].excerpt;
}

TEST_F(Search, finds_tags_and_notes_given_afterwards_and_not_those_taken_away) {
  Store store(store_.runs());
  store.tag("IV-curve", {"golden sample", "Größe 2"});
  store.annotate("IV-curve", "the cable was loose");
  expect_only("IV-curve", {"golden", "\"golden sample\"", "groesse", "cable loose"});
  store.untag("IV-curve", {"golden sample"});
  EXPECT_TRUE(found("golden").empty());
}

TEST_F(Search, may_be_narrowed_by_a_filter) {
  EXPECT_EQ(found("v", {.name = "*curve"}), std::vector<std::string>{"IV-curve"});
  EXPECT_TRUE(found("v", {.states = {RunState::failed}}).empty());
}

TEST(SearchWords, go_on_from_each_change_between_letters_and_digits) {
  EXPECT_EQ(further_words("EDU36311A x"), " 36311A A");
  EXPECT_EQ(further_words("Messgerät"), " Messgeraet");
  EXPECT_EQ(further_words("plain words"), "");
}

}  // namespace
}  // namespace wheatstone::catalogue
