#pragma once
// The verbs of the program. Each is in the file of its name, takes what was typed and returns the exit status; errors
// of the library pass through to the one place that prints them (program.cpp).

#include <cstdint>
#include <filesystem>
#include <string>

#include "terminal.hpp"

namespace wheatstone::cli {

/// What a shell sees of the program.
enum ExitStatus : int {
  k_done = 0,
  k_failed = 1,         ///< an error of the library, said on standard error
  k_usage = 2,          ///< the command line made no sense
  k_interrupted = 130,  ///< Ctrl-C
};

struct DemoOptions {
  std::string program = "wheatstone";  ///< as the user called it, for "what to type next"
  std::filesystem::path store = {};    ///< empty: the default place
  std::string pace = "fast";           ///< of the simulated bench
  std::uint64_t points = 31;
  std::uint64_t seed = 1;
  bool python_only = false;  ///< print the Python program and nothing else
};
int demo(const Terminal& terminal, const DemoOptions& options);

struct RunsListOptions {
  std::filesystem::path store = {};  ///< empty: the default place
  bool all = false;                  ///< those of every known store
};
int runs_list(const Terminal& terminal, const RunsListOptions& options);

struct RunsShowOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  std::uint64_t rows = 10;
  bool json = false;    ///< run.json as it stands
  bool events = false;  ///< events.jsonl too
  bool timing = false;  ///< the timing columns instead of the table
};
int runs_show(const Terminal& terminal, const RunsShowOptions& options);

struct RunsStatusOptions {
  std::string run = "last";
  std::filesystem::path store = {};
};
int runs_status(const Terminal& terminal, const RunsStatusOptions& options);

struct RunsControlOptions {
  std::string action = {};  ///< "pause", "resume", "step", "stop" or "abort"
  std::string run = {};
  std::filesystem::path store = {};
};
int runs_control(const Terminal& terminal, const RunsControlOptions& options);

struct RunsResumeOptions {
  std::string run = {};
  std::filesystem::path store = {};
  bool run_script = false;  ///< of a run that ended early: run the script that is stored with it
};
int runs_resume(const Terminal& terminal, const RunsResumeOptions& options);

struct RunsExportOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  std::string format = {};            ///< "arrow", "csv" or "parquet"
  std::filesystem::path output = {};  ///< empty: named after the run, in the present folder
  bool force = false;                 ///< overwrite
};
int runs_export(const Terminal& terminal, const RunsExportOptions& options);

int profile_list(const Terminal& terminal);

struct ProfileShowOptions {
  std::string model = {};  ///< maker/MODEL or a file
};
int profile_show(const Terminal& terminal, const ProfileShowOptions& options);
int profile_validate(const Terminal& terminal, const ProfileShowOptions& options);

}  // namespace wheatstone::cli
