#include "profile/profile.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <wheatstone/error.hpp>

namespace wheatstone::profile {
namespace {

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(LoadProfile, FindsByMakerAndModelInAnyCaseAndByTheModelAlone) {
  const ProfilePointer profile = load_profile("keysight/EDU36311A");
  EXPECT_EQ(profile->name, "keysight/EDU36311A");
  EXPECT_EQ(load_profile("KEYSIGHT/edu36311a"), profile) << "read once, shared";
  EXPECT_EQ(load_profile("edu36311a"), profile);
  EXPECT_EQ(profile->kind, InstrumentKind::power_supply);
}

TEST(LoadProfile, NamesTheNearestWhereThereIsNone) {
  const std::string message = refusal([] { (void)load_profile("keysight/EDU36313A"); });
  EXPECT_NE(message.find("there is no profile 'keysight/EDU36313A'"), std::string::npos) << message;
  EXPECT_NE(message.find("'keysight/EDU36311A'"), std::string::npos) << message;
  EXPECT_NE(refusal([] { (void)load_profile(""); }).find("there is no profile ''"), std::string::npos);
}

TEST(LoadProfile, ReadsAUsersOwnFile) {
  const std::string path = testing::TempDir() + "mine.yaml";
  std::ofstream(path) << "maker: Acme\nmodel: PS1\nkind: generic\nextends: generic/scpi\n";
  const ProfilePointer mine = load_profile(path);
  EXPECT_EQ(mine->name, "acme/PS1");
  EXPECT_NE(mine->commands->find("identify"), nullptr);
  EXPECT_NE(refusal([] { (void)load_profile("/nowhere/mine.yaml"); }).find("/nowhere/mine.yaml"), std::string::npos);
}

TEST(ParseProfile, ReadsTheExampleOfTheFormatPage) {
  std::ifstream page(WHEATSTONE_SOURCE_DIR "/docs/formats/profile.md");
  const std::string text{std::istreambuf_iterator<char>(page), std::istreambuf_iterator<char>()};
  const std::size_t begin = text.find("```yaml\n") + 8;
  ASSERT_LT(begin, text.size());
  const ProfilePointer profile = parse_profile(text.substr(begin, text.find("```", begin) - begin), "profile.md");
  EXPECT_EQ(profile->name, "acme/PS1");
  const std::vector<int> one = {1};
  EXPECT_EQ(profile->commands->setting(profile->commands->at("voltage"), {1.5}, one), "VOLT 1.5,(@1)");
  MatchContext context;
  EXPECT_DOUBLE_EQ(profile->commands->match("sour:volt 500 mV,(@1)", context).arguments[0].number, 0.5);
}

TEST(ParseProfile, SaysFileLineAndColumnOfWhatIsWrong) {
  const auto said = [](std::string_view yaml) { return refusal([&] { (void)parse_profile(yaml, "my.yaml"); }); };
  EXPECT_EQ(said("maker: A\nmodel: B\nkind: toaster\n").rfind("my.yaml:3:7: 'toaster' is not", 0), 0u);
  EXPECT_EQ(said("maker: A\nmodel: B\nkind: generic\ncolour: red\n").rfind("my.yaml:4:1: unknown key 'colour'", 0), 0u);
  EXPECT_EQ(said("maker: A\nmodel: B\nkind: generic\nfigurs: {}\n"),
            "my.yaml:4:1: unknown key 'figurs'; did you mean 'figures'?");
  EXPECT_EQ(said("maker: A\nkind: generic\n"), "my.yaml:1:1: the key 'model' is missing");
  EXPECT_EQ(said("maker: [A\n").rfind("my.yaml:", 0), 0u);
  EXPECT_EQ(said("maker: A\nmodel: B\nkind: generic\ncommands:\n  x: {scpi: \"VOLT[:DC\"}\n")
                .rfind("my.yaml:5:13: the SCPI pattern", 0),
            0u);
  EXPECT_NE(said("maker: A\nmodel: B\nkind: generic\ncommands:\n  x: {scpi: VOLTage}\n  y: {scpi: VOLT}\n")
                .find("share a header"),
            std::string::npos);
  EXPECT_NE(said("maker: A\nmodel: B\nkind: generic\nfigures: {a: {value: 1}}\n").find("'source' is missing"),
            std::string::npos);
}

TEST(Profile, tells_every_fault_of_a_file_with_its_place) {
  try {
    (void)parse_profile("maker: A\nmodel: B\nkind: generic\nfigurs: {}\nfigures: {a: {value: 1}, b: {value: x}}\n",
                        "my.yaml");
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(), "my.yaml:4:1: unknown key 'figurs'; did you mean 'figures'?");
    ASSERT_EQ(error.attached().size(), 2U);
    EXPECT_TRUE(error.attached()[0].starts_with("my.yaml:5:14: the key 'source'")) << error.attached()[0];
    EXPECT_TRUE(error.attached()[1].starts_with("my.yaml:5:37: a number")) << error.attached()[1];
  }
}

TEST(ListProfiles, ShowsWhatIsShipped) {
  const auto names = list_profiles();
  EXPECT_NE(std::find(names.begin(), names.end(), "keysight/EDU36311A"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "generic/scpi"), names.end());
  for (const std::string& name : names) EXPECT_EQ(load_profile(name)->name, name);
}

TEST(FindProfileFor, ReadsTheAnswerToIdn) {
  ASSERT_NE(find_profile_for("Keysight Technologies,EDU36311A,CN61130056,1.0.2\n"), nullptr);
  EXPECT_EQ(find_profile_for("KEYSIGHT TECHNOLOGIES, EDU36311A ,X,Y")->model, "EDU36311A");
  EXPECT_EQ(find_profile_for("Rigol,EDU36311A,1,1"), nullptr);
  EXPECT_EQ(find_profile_for("Keysight Technologies,E36311A,1,1"), nullptr) << "another model, with a negative output";
  EXPECT_EQ(find_profile_for(""), nullptr);
  EXPECT_EQ(find_profile_for("garbage"), nullptr);
}

TEST(Profile, EveryAnswerToIdnFindsItsOwnProfile) {
  for (const std::string& name : list_profiles()) {
    const ProfilePointer profile = load_profile(name);
    if (profile->kind == InstrumentKind::generic) continue;
    EXPECT_EQ(find_profile_for(profile->idn_reply), profile) << profile->idn_reply;
  }
}

TEST(Profile, NamesItsChannelsWhereOneDoesNotExist) {
  const ProfilePointer profile = load_profile("keysight/EDU36311A");
  EXPECT_EQ(refusal([&] { (void)profile->channel(4); }),
            "keysight/EDU36311A has no channel 4; it has '1', '2' and '3'");
  const Quantity& voltage = profile->channel(1).quantity("voltage");
  EXPECT_DOUBLE_EQ(voltage.maximum, 6.18);
  EXPECT_DOUBLE_EQ(voltage.range_for(2).programming.limit(2.0, 6.0), 0.007);
}

TEST(Profile, ReadsValuesBelowWhatCanBeSetInTheSmallestRange) {
  const ProfilePointer profile = load_profile("keysight/EL33133A");
  const Quantity& current = profile->channel(1).quantity("current");
  EXPECT_EQ(current.range_for(1e-5).name, "low");  // 1 mA is the least that can be set
  EXPECT_EQ(current.range_for(-0.002).name, "low");
  EXPECT_EQ(current.range_for(5).name, "high");
  EXPECT_EQ(current.range_for(500).name, "high");
}

}  // namespace
}  // namespace wheatstone::profile
