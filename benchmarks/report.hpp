#pragma once
// How the benchmarks say what they found: a figure, what it stands beside, and the ratio.

#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace wheatstone::benchmark_report {

/// Seconds that `work` takes.
inline double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The median of `repeats` runs.
inline double median_seconds(int repeats, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) times.push_back(seconds_of(work));
  std::ranges::nth_element(times, times.begin() + repeats / 2);
  return times[static_cast<std::size_t>(repeats / 2)];
}

/// Seconds of this thread's own time in the processor that `work` takes, whatever else the machine does. Of work that
/// waits for others it says nothing.
inline double thread_seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
  };
  const double start = now();
  work();
  return now() - start;
}

/// One line: what, its figure, the reference beside it, the ratio.
inline void report(const std::string& what, double figure, const std::string& unit, const std::string& reference_name,
                   double reference) {
  fmt::print("{:<52} {:>10.4g} {:<3} | {:<44} {:>10.4g} {:<3} | x {:.3g}\n", what, figure, unit, reference_name,
             reference, unit, figure / reference);
}

/// Runs both in turns and reports their medians, with the median of the rounds' ratios and where half of these lie:
/// what costs nothing has one in between. The order within a round changes, so that neither always comes first.
inline void report_in_turns(const std::string& what, const std::function<double()>& figure, const std::string& unit,
                            const std::string& reference_name, const std::function<double()>& reference) {
  constexpr std::size_t k_rounds = 11;
  std::vector<double> with, without, ratios;
  for (std::size_t k = 0; k < k_rounds; ++k) {
    const double first = k % 2 == 0 ? figure() : reference();
    const double second = k % 2 == 0 ? reference() : figure();
    with.push_back(k % 2 == 0 ? first : second);
    without.push_back(k % 2 == 0 ? second : first);
    ratios.push_back(with.back() / without.back());
  }
  for (std::vector<double>* each : {&with, &without, &ratios}) std::ranges::sort(*each);
  fmt::print("{:<52} {:>10.4g} {:<3} | {:<44} {:>10.4g} {:<3} | x {:.3f}, half of the rounds {:.3f} to {:.3f}\n", what,
             with[k_rounds / 2], unit, reference_name, without[k_rounds / 2], unit, ratios[k_rounds / 2],
             ratios[k_rounds / 4], ratios[k_rounds - 1 - k_rounds / 4]);
}

/// Ends the program with a sentence where a benchmark's own answer is wrong.
inline void require(bool holds, const std::string& what) {
  if (holds) return;
  fmt::print(stderr, "benchmark: wrong answer: {}\n", what);
  std::exit(1);
}

/// An empty folder of its own for a store, deleted at the end.
class ScratchStore {
 public:
  explicit ScratchStore(const std::string& name) {
    std::string made = (std::filesystem::temp_directory_path() / ("wheatstone-bench-" + name + "-XXXXXX")).string();
    require(::mkdtemp(made.data()) != nullptr, "a folder for '" + name + "'");
    path_ = made;
  }
  ~ScratchStore() { std::filesystem::remove_all(path_); }
  ScratchStore(const ScratchStore&) = delete;
  ScratchStore& operator=(const ScratchStore&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace wheatstone::benchmark_report
