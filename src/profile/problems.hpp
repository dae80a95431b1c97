#pragma once
// All that is wrong with a file that a person wrote, so that it is told at once and not one error after the other.

#include <string>
#include <utility>
#include <vector>
#include <wheatstone/error.hpp>

namespace wheatstone::profile {

/// What was found wrong while a file was read, in the order of reading. One thread.
class Problems {
 public:
  void add(std::string problem) { found_.push_back(std::move(problem)); }

  /// Reads a part of the file that others do not depend on; a ConfigurationError is kept, and reading goes on.
  template <class Read>
  void attempt(Read&& read) {
    try {
      std::forward<Read>(read)();
    } catch (const ConfigurationError& error) {
      add(error.what());
      for (const std::string& more : error.attached()) add(more);
    }
  }

  [[nodiscard]] bool empty() const { return found_.empty(); }

  /// Throws the first as ConfigurationError with the others attached; nothing where there is none.
  void raise() const {
    if (found_.empty()) return;
    ConfigurationError error(found_.front());
    for (std::size_t i = 1; i < found_.size(); ++i) error.attach(found_[i]);
    throw error;
  }

 private:
  std::vector<std::string> found_;
};

}  // namespace wheatstone::profile
