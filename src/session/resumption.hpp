#pragma once
// The unfinished run that a session goes on with.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "io/document.hpp"

namespace wheatstone::session {

struct RunRequest;

/// A stored run that is to be gone on with.
struct Resumption {
  std::filesystem::path folder;
  io::Document record;  ///< its run.json
};

/// The run that `which` means: "last" is the latest run of the request's name and plan that has not finished, anything
/// else what Store::find takes for a run. None where "last" finds no unfinished run of that name. Throws
/// ConfigurationError where the plan differs, with the difference, or the run has finished; StorageError where no run
/// is meant.
[[nodiscard]] std::optional<Resumption> find_resumption(const RunRequest& request, std::string_view which);

/// The folder that WHEATSTONE_RESUME names, where that run's session has this name; asked once a process, so that a
/// script's next run of the same name is a new one. Empty otherwise. Throws StorageError where it is no run.
[[nodiscard]] std::string take_resumption_in_environment(std::string_view name);

/// The seed of that run's random order; none where it has none.
[[nodiscard]] std::optional<std::uint64_t> order_seed_of(const Resumption& resumption);

/// Which run on its simulated bench it was, from 1; none where it is not known.
[[nodiscard]] std::optional<std::uint64_t> run_on_bench_of(const Resumption& resumption);

}  // namespace wheatstone::session
