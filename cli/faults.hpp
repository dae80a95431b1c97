#pragma once
// Files that people write, checked: every fault with its place.

#include <functional>
#include <string>
#include <vector>

#include "terminal.hpp"
#include "verb.hpp"

namespace wheatstone::cli {

struct ValidateOptions {
  std::vector<std::string> files = {};
  bool json = false;
};

/// The files and --json.
void take_files(Verb& verb, ValidateOptions& options);

/// Reads each file by `read`, which returns what it is in a few words or throws ConfigurationError, faults after the
/// first attached. Prints "FILE: sound: ..." or a line for each fault, "FILE:12:5: what is wrong" where the place is
/// known. Returns k_failed where a file has a fault.
int validate(const Terminal& terminal, const ValidateOptions& options,
             const std::function<std::string(const std::string& file)>& read);

}  // namespace wheatstone::cli
