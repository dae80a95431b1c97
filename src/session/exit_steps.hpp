#pragma once
// The one way out of a run: steps as data, each bounded in time, each tried whatever became of those before it.

#include <functional>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>

namespace wheatstone::session {

struct ExitStep {
  std::string name;            ///< as errors say it: "make 'psu' safe"
  Duration limit;              ///< given up on after that long
  std::function<void()> work;  ///< must own what it uses: a step given up on goes on in the background
};

/// Runs the steps in order, each on a thread of its own while the caller waits (in a BlockingRegion). Returns what went
/// wrong, a sentence each.
[[nodiscard]] std::vector<std::string> take_exit(const std::vector<ExitStep>& steps);

/// The text of an exception, with its type where it is none of the standard's.
[[nodiscard]] std::string text_of(const std::exception_ptr& error);

}  // namespace wheatstone::session
