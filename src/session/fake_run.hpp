#pragma once
// Test code: a run on functions in memory, in a store that is deleted afterwards.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "io/file.hpp"
#include "session/engine.hpp"

namespace wheatstone::session {

/// A request in the making, and the clock that it runs on.
class FakeRun {
 public:
  explicit FakeRun(bool virtual_time = false)
      : virtual_clock_(virtual_time ? base::make_virtual_clock() : nullptr),
        store_(std::filesystem::temp_directory_path() /
               ("wheatstone-session-test-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))) {
    request.name = "test";
    request.store = store_;
    request.clock = virtual_clock_ ? virtual_clock_.get() : &base::system_clock();
    request.files = &io::system_files();
  }
  ~FakeRun() { std::filesystem::remove_all(store_); }
  FakeRun(const FakeRun&) = delete;
  FakeRun& operator=(const FakeRun&) = delete;

  void vary(std::string name, std::vector<double> values, ParameterOptions options = {}) {
    request.parameters.push_back({std::move(name), detail::listed_values<double>(values), std::move(options)});
  }
  void acquire(std::string name, std::function<Row(const Point&)> measure, AcquisitionOptions options = {}) {
    request.acquisitions.push_back(
        std::make_shared<FunctionAcquisition>(std::move(name), std::move(measure), std::move(options)));
  }
  void derive(std::string name, std::function<Row(const Point&)> compute) {
    request.derivations.push_back(std::make_shared<FunctionAcquisition>(std::move(name), std::move(compute)));
  }
  void baseline(std::string name, std::function<Row(const Point&)> measure) {
    request.baselines.push_back(std::make_shared<FunctionAcquisition>(std::move(name), std::move(measure)));
  }
  void before(std::string parameter, std::function<void(const Point&)> work) {
    request.hooks.push_back({.when = binding::Hook::When::before,
                             .parameter = std::move(parameter),
                             .name = "set up",
                             .work = std::move(work)});
  }
  void after(std::string parameter, std::function<void(const Point&)> work) {
    request.hooks.push_back({.when = binding::Hook::When::after,
                             .parameter = std::move(parameter),
                             .name = "tear down",
                             .work = std::move(work)});
  }
  void beside(std::string name, std::function<void(std::stop_token)> work) {
    request.tasks.push_back({.name = std::move(name), .work = std::move(work)});
  }

  ObserverHandle observe(std::function<void(const Row&)> see, std::size_t queue = 1000) {
    const std::string name = "observer " + std::to_string(request.observers.size() + 1);
    request.observers.push_back(make_observer({.name = name, .queue = queue, .see = std::move(see)}));
    return ObserverHandle(request.observers.back());
  }
  void hold_while(std::function<bool(const Point&)> condition, SuspensionOptions options) {
    struct Called final : binding::Condition {
      explicit Called(std::function<bool(const Point&)> function_in) : function(std::move(function_in)) {}
      bool holds(const Point& next) override { return function(next); }
      std::function<bool(const Point&)> function;
    };
    request.conditions.push_back({std::make_shared<Called>(std::move(condition)), std::move(options)});
  }

  RunResult run() {
    RunResult result = execute(request, control, progress);
    control.close();
    return result;
  }
  /// Runs, and returns what it raised: the text of an error, or nothing.
  std::string error_of(const RunResult& result) const { return result.error ? text_of(result.error) : ""; }

  base::Clock& clock() { return *request.clock; }
  void wait(Duration d) { clock().wait_until(clock().monotonic() + d.nanoseconds(), {}); }

  RunRequest request;
  int cancels = 0;
  RunControl control{[this] { ++cancels; }};
  RunProgress progress;

 private:
  std::unique_ptr<base::Clock> virtual_clock_;
  std::filesystem::path store_;
  static inline int count_ = 0;
};

/// Waits for another thread of the test, as long as a test may take.
inline void await(const std::function<bool()>& happened) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!happened()) {
    if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("waited in vain");
    std::this_thread::yield();
  }
}

/// The lines of events.jsonl of one kind.
inline std::vector<io::Document> events_of(const Experiment& experiment, std::string_view kind) {
  std::vector<io::Document> found;
  for (const std::string& line : experiment.events()) {
    io::Document event = io::Document::parse(line);
    if (event.text({"event"}) == kind) found.push_back(std::move(event));
  }
  return found;
}

/// All events of a run, a line each.
inline std::string events_of(const RunResult& result) {
  std::string events;
  for (const std::string& line : result.experiment->events()) events += line + "\n";
  return events;
}

/// The sentences that went with the error that a run raised, a line each.
inline std::string attached_to(const RunResult& result) {
  std::string sentences;
  try {
    if (result.error) std::rethrow_exception(result.error);
  } catch (const Error& error) {
    for (const std::string& sentence : error.attached()) sentences += sentence + "\n";
  }
  return sentences;
}

/// Whether a text has a sentence or word in it; the whole text where it has not.
inline testing::AssertionResult says(const std::string& text, const std::string& wanted) {
  if (text.find(wanted) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << wanted << "\" in: " << text;
}

inline std::vector<std::string> column_names(const Experiment& experiment) {
  std::vector<std::string> names;
  for (const Column& column : experiment.columns()) names.push_back(column.name);
  return names;
}

}  // namespace wheatstone::session
