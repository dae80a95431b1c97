#pragma once
// Several things that may each fail, all of them done.

#include <exception>
#include <string>
#include <vector>

namespace wheatstone::bench {

/// Throws the first with the others attached; does nothing where there is none.
void raise(const std::vector<std::exception_ptr>& failures);

template <class Work>
void collect(std::vector<std::exception_ptr>& failures, Work work) {
  try {
    work();
  } catch (...) {
    failures.push_back(std::current_exception());
  }
}

}  // namespace wheatstone::bench
