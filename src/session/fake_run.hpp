#pragma once
// Test code: a run on functions in memory, in a store that is deleted afterwards.

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
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
  void acquire(std::string name, std::function<Row(const Point&)> measure) {
    request.acquisitions.push_back(std::make_shared<FunctionAcquisition>(std::move(name), std::move(measure)));
  }
  void beside(std::string name, std::function<void(std::stop_token)> work) {
    request.tasks.push_back({.name = std::move(name), .work = std::move(work)});
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

inline std::vector<std::string> column_names(const Experiment& experiment) {
  std::vector<std::string> names;
  for (const Column& column : experiment.columns()) names.push_back(column.name);
  return names;
}

}  // namespace wheatstone::session
