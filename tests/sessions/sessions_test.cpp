// Runs every file of texts/ and compares what comes of it with what the file says.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <wheatstone/wheatstone.hpp>

#include "procedure/procedure_access.hpp"
#include "session_text.hpp"

namespace wheatstone::sessions {
namespace {

namespace fs = std::filesystem;

const fs::path k_texts = fs::path(WHEATSTONE_SOURCE_DIR) / "tests/sessions/texts";

std::vector<fs::path> files() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(k_texts)) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

std::string cell(const Value& value) {
  if (value.is_null()) return "-";
  if (const bool* state = value.get_if<bool>()) return *state ? "true" : "false";
  if (const std::int64_t* integer = value.get_if<std::int64_t>()) return std::to_string(*integer);
  if (const std::string* text = value.get_if<std::string>()) return *text;
  if (const double* real = value.get_if<double>()) {
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, *real).ptr};
  }
  if (const auto* waveform = value.get_if<std::shared_ptr<const Waveform>>()) {
    return fmt::format("{} samples", (*waveform)->samples.size());
  }
  return std::string(name_of(value.kind()));
}

/// All columns but the timestamp, to the last bit.
std::string table_of(const Experiment& experiment) {
  std::vector<std::vector<std::string>> columns;
  for (const Column& column : experiment.columns()) {
    if (column.role == "timestamp") continue;
    std::vector<std::string> cells = {column.unit.empty() ? column.name
                                                          : fmt::format("{} [{}]", column.name, column.unit.label())};
    for (std::size_t row = 0; row < experiment.row_count(); ++row)
      cells.push_back(cell(experiment.at(row, column.name)));
    columns.push_back(std::move(cells));
  }
  std::string text;
  for (std::size_t row = 0; row <= experiment.row_count(); ++row) {
    std::string line;
    for (const auto& cells : columns) {
      std::size_t width = 0;
      for (const std::string& each : cells) width = std::max(width, each.size());
      line += fmt::format("{:<{}}", cells[row], width + 2);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string messages_of(const DryRun& run) {
  std::string text;
  for (const DryRunStep& step : run.steps) {
    if (step.kind != DryRunStep::Kind::point) continue;
    std::string title;
    for (const Row::Entry& parameter : step.parameters) {
      title += fmt::format("{}{} = {}", title.empty() ? "" : ", ", parameter.key, cell(parameter.value));
    }
    text += (title.empty() ? fmt::format("point {}", step.index) : title) + "\n";
    for (const DryRunMessage& message : step.messages) {
      text += fmt::format("  {}: {}\n", message.instrument, message.text);
    }
  }
  return text;
}

std::string closing_of(const DryRun& run) {
  std::string text;
  for (const DryRunStep& step : run.steps) {
    if (step.kind != DryRunStep::Kind::close) continue;
    for (const DryRunMessage& message : step.messages) {
      text += fmt::format("{}: {}\n", message.instrument, message.text);
    }
  }
  return text.empty() ? "nothing\n" : text;
}

std::string notes_of(const Experiment& experiment) {
  std::string text =
      fmt::format("{} is {}, with {} rows\n{}{}", experiment.name(), name_of(experiment.state()),
                  experiment.row_count(), experiment.description().empty() ? "" : experiment.description() + "\n",
                  experiment.notes().empty() ? "" : experiment.notes() + "\n");
  for (const Baseline& baseline : experiment.baselines()) {
    text += fmt::format("{} at the {}:", baseline.name, baseline.when);
    for (const Row::Entry& entry : baseline.results) text += fmt::format(" {} = {}", entry.key, cell(entry.value));
    text += "\n";
  }
  return text;
}

/// Messages by instrument, in the order in which each was sent them.
using Sent = std::map<std::string, std::vector<std::string>>;

Sent sent_in(const DryRun& run) {
  Sent sent;
  for (const DryRunStep& step : run.steps) {
    for (const DryRunMessage& message : step.messages) sent[message.instrument].push_back(message.text);
  }
  return sent;
}

/// Hears what instruments are really sent.
class Listener {
 public:
  [[nodiscard]] bench::TapOf tap_of() {
    return [this](const std::string& alias) -> transport::Tap {
      return [this, alias](transport::Direction direction, std::string_view message) {
        if (direction == transport::Direction::read) return;
        const bool is_clear = direction == transport::Direction::cleared;
        const bool is_trigger = direction == transport::Direction::triggered;
        const std::scoped_lock lock(mutex_);
        sent_[alias].emplace_back(is_clear ? "(device clear)" : is_trigger ? "(trigger)" : message);
      };
    };
  }
  [[nodiscard]] Sent take() {
    const std::scoped_lock lock(mutex_);
    return std::move(sent_);
  }

 private:
  std::mutex mutex_;
  Sent sent_;  // protected by mutex_
};

class Sessions : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    std::string folder = (fs::temp_directory_path() / "wheatstone-sessions-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    ::unsetenv("WHEATSTONE_STORE");
    ::unsetenv("WHEATSTONE_BENCH");
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Without what is of this run.
  [[nodiscard]] std::string neutral(std::string text) const {
    const std::string prefix = folder_.string() + "/";
    for (std::size_t at = 0; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

  Procedure procedure_of(const SessionText& text) const {
    for (const Section& section : text.sections) {
      if (section.name == "file") std::ofstream(folder_ / section.argument) << section.text;
    }
    Procedure procedure = Procedure::parse(text.find("procedure")->text, folder_ / "test.yaml");
    for (const Section& section : text.sections) {
      if (section.name == "set") procedure.set(section.argument);
    }
    return procedure;
  }

  /// What the section says when all is run.
  void take(SessionText& text) const {
    const auto put = [&](std::string_view name, const std::string& came) {
      for (Section& section : text.sections) {
        if (section.name == name) section.text = came;
      }
    };
    std::optional<Experiment> left;
    std::string error;
    try {
      const Procedure procedure = procedure_of(text);
      if (text.find("sends") != nullptr) put("sends", messages_of(procedure.dry_run()));
      if (text.find("closes") != nullptr) put("closes", closing_of(procedure.dry_run()));
      Listener listener;
      PreparedProcedure prepared = procedure::ProcedureAccess::prepare(
          procedure, {.simulate = text.find("simulate") != nullptr, .store = folder_ / "store"}, listener.tap_of());
      try {
        left = prepared.run();
        prepared.close();
        // An order without a seed is drawn anew.
        const bool is_drawn = procedure.text().find("random") != std::string::npos &&
                              procedure.text().find("order_seed") == std::string::npos;
        if (!is_drawn) {
          EXPECT_EQ(sent_in(procedure.dry_run()), listener.take());
        }
      } catch (const Error&) {
        left = prepared.session().data();
        throw;
      }
    } catch (const Error& failed) {
      error = std::string(failed.what()) + "\n";
      for (const std::string& more : failed.attached()) error += more + "\n";
    }
    if (text.find("error") == nullptr) {
      EXPECT_EQ(error, "");
    }
    put("error", neutral(error));
    put("table", left ? table_of(*left) : "");
    put("notes", left ? notes_of(*left) : "");
  }

  fs::path folder_;
};

TEST_P(Sessions, GivesWhatItSays) {
  const SessionText written = SessionText::read(GetParam());
  ASSERT_NE(written.find("procedure"), nullptr) << GetParam();
  const std::set<std::string> known = {"procedure", "file",  "set",    "simulate", "table",
                                       "error",     "sends", "closes", "notes"};
  for (const Section& section : written.sections) EXPECT_TRUE(known.contains(section.name)) << section.name;
  const bool expects = written.find("table") || written.find("error") || written.find("sends") ||
                       written.find("notes") || written.find("closes");
  EXPECT_TRUE(expects) << "nothing is expected of " << GetParam();
  SessionText came = written;
  take(came);
  if (std::getenv("WHEATSTONE_APPROVE") != nullptr) {
    std::ofstream(GetParam()) << came.text();
    return;
  }
  EXPECT_EQ(came.text(), written.text());
}

INSTANTIATE_TEST_SUITE_P(Texts, Sessions, testing::ValuesIn(files()), [](const auto& file) {
  std::string name = file.param.stem().string();
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(SessionTexts, AreManyAndSayWhatTheyShow) {
  EXPECT_GE(files().size(), 25U);
  for (const fs::path& file : files()) EXPECT_FALSE(SessionText::read(file).head.empty()) << file;
}

}  // namespace
}  // namespace wheatstone::sessions
