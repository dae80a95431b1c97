// The `wheatstone` program.

#include <string>
#include <vector>

#include "program.hpp"

int main(int count, char** words) { return wheatstone::cli::main(std::vector<std::string>(words, words + count)); }
