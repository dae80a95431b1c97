#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <wheatstone/error.hpp>
#include <wheatstone/profile.hpp>

namespace wheatstone {
namespace {

TEST(Model, list_is_sorted_and_each_of_it_is_found_and_described) {
  const std::vector<Model> all = models();
  ASSERT_GE(all.size(), 2u);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Model::name));
  for (const Model& model : all) {
    EXPECT_EQ(find_model(model.name).command_count, model.command_count);
    EXPECT_NE(describe_model(model.name).find("# " + model.name), std::string::npos);
  }
}

TEST(Model, description_has_ranges_accuracy_commands_and_sources) {
  const std::string text = describe_model("Keysight/edu36311a");
  EXPECT_NE(text.find("| channel 1 | voltage | 0 V to 6.18 V | ±(0.1 % of reading + 0.005 V)"), std::string::npos)
      << text;
  EXPECT_NE(text.find("| voltage | `[SOURce:]VOLTage[:LEVel][:IMMediate][:AMPLitude]` | set, query |"),
            std::string::npos);
  EXPECT_NE(text.find("## Sources"), std::string::npos);
}

TEST(Model, is_found_by_what_an_instrument_says_of_itself) {
  const auto found = find_model_of("Keysight Technologies,34470A,MY57700000,A.03.03");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->name, "keysight/34470A");
  EXPECT_FALSE(find_model_of("Acme,Toaster,0,0").has_value());
  EXPECT_FALSE(find_model_of("garbage").has_value());
}

TEST(Model, schema_is_that_of_the_repository) {
  std::ifstream file(WHEATSTONE_SOURCE_DIR "/profiles/profile.schema.json");
  EXPECT_EQ(profile_schema(), std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST(Model, that_nobody_ships_is_refused_with_the_nearest) {
  try {
    static_cast<void>(find_model("keysight/EDU36311B"));
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_NE(std::string(error.what()).find("keysight/EDU36311A"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace wheatstone
