#include "session/settings.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <wheatstone/multimeter.hpp>
#include <wheatstone/power_supply.hpp>
#include <wheatstone/session.hpp>

#include <fstream>
#include <sstream>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {

class RunSettingsTest : public ::testing::Test {
 protected:
  ~RunSettingsTest() override { std::filesystem::remove_all(store); }

  static io::Document document_of(const Experiment& experiment) {
    std::ifstream in(experiment.folder() / "run.json");
    std::ostringstream text;
    text << in.rdbuf();
    return io::Document::parse(text.str());
  }
  static const io::Document* at(const io::Document& from, std::initializer_list<std::string_view> path) {
    const io::Document* found = &from;
    for (const std::string_view key : path) found = found == nullptr ? nullptr : found->find(key);
    return found;
  }
  static Experiment run(MeasurementSession& session) {
    auto& psu = session.instrument<PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
    const auto voltage = session.parameter("voltage", {1.0, 2.0}, "V");
    session.acquire("measure", [&](const Point& point) -> Row {
      psu.channel(2).set_voltage(point[voltage]).on();
      return {{"measured", psu.channel(2).measure_voltage()}};
    });
    return session.run();
  }

  const std::filesystem::path store =
      std::filesystem::temp_directory_path() / ("wheatstone-settings-test-" + std::to_string(::getpid()));
};

TEST_F(RunSettingsTest, of_each_instrument_before_and_after_are_in_run_json) {
  MeasurementSession session("settings", {.store = store});
  const io::Document document = document_of(run(session));
  EXPECT_EQ(at(document, {"settings", "before", "psu", "voltage", "2"})->dump(), "0.0");
  EXPECT_EQ(at(document, {"settings", "before", "psu", "output", "2"})->dump(), "false");
  EXPECT_EQ(at(document, {"settings", "after", "psu", "voltage", "2"})->dump(), "2.0");
  EXPECT_EQ(at(document, {"settings", "after", "psu", "output", "2"})->dump(), "true");
  EXPECT_EQ(at(document, {"settings", "after", "psu", "display"})->dump(), "true");
}

TEST_F(RunSettingsTest, are_not_asked_for_where_the_session_was_told_so) {
  MeasurementSession session("no settings", {.store = store, .read_settings = false});
  EXPECT_EQ(document_of(run(session)).find("settings"), nullptr);
}

TEST_F(RunSettingsTest, of_an_instrument_that_does_not_answer_are_a_sentence_and_no_failed_run) {
  FakeRun fake;
  fake.vary("x", {1});
  fake.acquire("measure", [](const Point&) -> Row { return {{"y", 1.0}}; });
  int asked = 0;
  fake.request.read_settings = [&asked] {
    SettingsReport report;
    report.settings["psu"] = ++asked == 1 ? io::Document::object({{"voltage", 1.5}}) : io::Document("psu: silent");
    if (asked == 2) report.not_read.emplace_back("psu: silent");
    return report;
  };
  const RunResult result = fake.run();
  EXPECT_EQ(result.state, RunState::finished);
  EXPECT_EQ(fake.error_of(result), "");
  const io::Document document = document_of(*result.experiment);
  EXPECT_EQ(at(document, {"settings", "before", "psu", "voltage"})->dump(), "1.5");
  EXPECT_EQ(at(document, {"settings", "after", "psu"})->dump(), "\"psu: silent\"");
  std::ifstream events(result.experiment->folder() / "events.jsonl");
  std::ostringstream text;
  text << events.rdbuf();
  EXPECT_NE(text.str().find(R"("event":"settings_not_read")"), std::string::npos) << text.str();
}

TEST_F(RunSettingsTest, are_not_waited_for_after_an_abort) {
  FakeRun fake;
  fake.vary("x", {1, 2});
  fake.acquire("measure", [&](const Point&) -> Row {
    fake.control.abort();
    return {{"y", 1.0}};
  });
  int asked = 0;
  fake.request.read_settings = [&asked] {
    ++asked;
    return SettingsReport{};
  };
  EXPECT_EQ(fake.run().state, RunState::aborted);
  EXPECT_EQ(asked, 1);
}

TEST_F(RunSettingsTest, end_no_run_when_their_reading_is_interrupted) {
  FakeRun fake;
  fake.vary("x", {1});
  fake.acquire("measure", [](const Point&) -> Row { return {{"y", 1.0}}; });
  int asked = 0;
  fake.request.read_settings = [&asked]() -> SettingsReport {
    if (++asked == 2) throw Interrupted("the wait was interrupted");
    return {};
  };
  EXPECT_EQ(fake.run().state, RunState::finished);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace wheatstone::session
