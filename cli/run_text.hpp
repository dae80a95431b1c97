#pragma once
// How the program speaks of runs.

#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/store.hpp>

#include "json.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace wheatstone::cli {

/// What is typed to mean a run: the end of its folder's name, which is the end of its id.
[[nodiscard]] std::string handle_of(const RunSummary& run);

/// Its name on one line; its folder's where it has none.
[[nodiscard]] std::string title_of(const RunSummary& run);

/// "IV curve (01a9c4)", for a sentence: a long name is shortened where a person reads.
[[nodiscard]] std::string called(const Terminal& terminal, const RunSummary& run);

/// "running", "killed", ..., "unreadable", in the colour of that.
[[nodiscard]] Cell state_of(const RunSummary& run);

/// Whether a process runs it, as a reader sees it.
[[nodiscard]] bool is_alive(RunState state);

/// "12.3 MB".
[[nodiscard]] std::string size_in_words(std::uint64_t bytes);
/// "1 run", "3 runs".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

/// Runs as a table: what is typed for each, state, rows, when, name and tags; the reason in place of these where a run
/// cannot be read.
[[nodiscard]] Table table_of(const std::vector<RunSummary>& runs);

/// A run for programs; docs/reference/json.md has the keys.
[[nodiscard]] Json json_of(const RunSummary& run);
[[nodiscard]] Json json_of(const std::vector<RunSummary>& runs);

/// A missing store is one without runs yet; something else in its place is a slip of the hand. Throws StorageError.
void require_store(const std::filesystem::path& store);

/// Says to the user what became known of a store's catalogue meanwhile.
void tell_notices(const Terminal& terminal, Store& store);

}  // namespace wheatstone::cli
