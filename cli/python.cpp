#include "python.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <wheatstone/error.hpp>

extern char** environ;

namespace wheatstone::cli {
namespace {

std::string find_python() {
  if (const char* const named = std::getenv("WHEATSTONE_PYTHON"); named != nullptr && *named != '\0') return named;
  if (const char* const venv = std::getenv("VIRTUAL_ENV"); venv != nullptr && *venv != '\0') {
    return std::string(venv) + "/bin/python";
  }
  return "python3";
}

// The exit status of a program, or -1 where it could not be started (errno says why).
int run(std::vector<std::string> words, bool silent) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (silent) posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  // This process ignores SIGPIPE (standard_output.hpp); what it starts should not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t as_usual;
  sigemptyset(&as_usual);
  sigaddset(&as_usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &as_usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int refused = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (refused != 0) {
    errno = refused;
    return -1;
  }
  // Ctrl-C reaches both; the program that measures makes its outputs safe and says how it ended.
  const auto former = std::signal(SIGINT, SIG_IGN);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::signal(SIGINT, former);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Runs `python WORDS...`, of a Python that has the package.
int run_python(std::vector<std::string> words, const std::string& what) {
  const std::string python = find_python();
  constexpr const char* k_probe =
      "import importlib.util, sys; sys.exit(importlib.util.find_spec('wheatstone') is None)";
  const int probed = run({python, "-c", k_probe}, true);
  if (probed < 0) {
    throw ConfigurationError(fmt::format(
        "{} need the Python package of wheatstone, but {} could not be started ({}): name a Python that has "
        "the package in WHEATSTONE_PYTHON",
        what, python, std::strerror(errno)));
  }
  if (probed != 0) {
    throw ConfigurationError(
        fmt::format("{} need the Python package of wheatstone, which {} does not have: install it there (pip install "
                    "wheatstone), or name another Python in WHEATSTONE_PYTHON",
                    what, python));
  }
  words.insert(words.begin(), python);
  return run(std::move(words), false);
}

}  // namespace

int run_python_module(const std::string& module, const std::vector<std::string>& words, const std::string& what) {
  std::vector<std::string> command = {"-m", module};
  command.insert(command.end(), words.begin(), words.end());
  return run_python(std::move(command), what);
}

int run_python_script(const std::filesystem::path& script, const std::vector<std::string>& words,
                      const std::string& what) {
  std::vector<std::string> command = {script.string()};
  command.insert(command.end(), words.begin(), words.end());
  return run_python(std::move(command), what);
}

}  // namespace wheatstone::cli
