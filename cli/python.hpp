#pragma once
// What only the Python world does well is handed to a module of the Python package.

#include <filesystem>
#include <string>
#include <vector>

namespace wheatstone::cli {

/// Runs `python -m MODULE WORDS...` and returns its exit status; its streams are this process's. The Python is
/// WHEATSTONE_PYTHON, else that of the active virtual environment, else python3. Throws ConfigurationError that says
/// what of the two is missing, Python or the package, and that `what` needs it.
int run_python_module(const std::string& module, const std::vector<std::string>& words, const std::string& what);

/// The same of `python SCRIPT WORDS...`.
int run_python_script(const std::filesystem::path& script, const std::vector<std::string>& words,
                      const std::string& what);

}  // namespace wheatstone::cli
