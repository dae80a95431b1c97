#pragma once
// The `wheatstone` program as a function.

#include <span>
#include <string>

namespace wheatstone::cli {

/// Runs the program with these words, the first of which is how it was called. Writes to the process's standard
/// streams and returns the exit status; throws nothing.
int main(std::span<const std::string> words);

}  // namespace wheatstone::cli
