#include "session/resumption.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "session/engine.hpp"
#include "session/plan_identity.hpp"
#include "session/run_document.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::session {
namespace {

constexpr std::size_t k_second = 20;  // of a run's folder name are the second of its start: "2026-11-23T10-15-02Z"

using storage::RunRecord;

Resumption resumption_of(const std::filesystem::path& folder, RunRecord record) {
  return {.folder = folder, .record = std::move(record.document)};
}

/// What differs, the order's seed apart where the request leaves it open.
std::vector<std::string> difference(const Resumption& resumption, const RunRequest& request) {
  io::Document present = run_document(request);
  if (!request.options.order_seed) {
    if (const auto seed = order_seed_of(resumption)) present["plan"]["order_seed"] = *seed;
  }
  return plan_difference(resumption.record, present);
}

[[noreturn]] void refuse(const Resumption& resumption, const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  throw ConfigurationError(
      fmt::format("the run {} cannot be gone on with, since this plan is another: {}. Restore the plan, or run without "
                  "resume to begin anew",
                  resumption.folder.filename().string(), text));
}

std::optional<std::uint64_t> number_at(const Resumption& resumption, std::string_view object, std::string_view key) {
  const io::Document* outer = resumption.record.find(object);
  const io::Document* member = outer == nullptr ? nullptr : outer->find(key);
  const std::int64_t* number = member == nullptr ? nullptr : member->get_if<std::int64_t>();
  if (number == nullptr) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

/// What the folders of two runs of one name share: "_iv-curve_".
std::string_view slug_in(std::string_view folder_name) {
  return folder_name.substr(0, folder_name.size() - 6).substr(k_second);
}

/// The folders of a store that may be runs of that name, latest first. Only folders that somebody has renamed are
/// looked into for that.
std::vector<std::string> candidates(io::FileSystem& files, const std::filesystem::path& store,
                                    const std::string& name) {
  const std::string like = storage::folder_name(Time{}, name, base::Uuid{});
  std::vector<std::string> found;
  for (const io::FolderEntry& entry : files.list(store)) {
    const bool may_be = !storage::is_folder_name(entry.name) || slug_in(entry.name) == slug_in(like);
    if (entry.is_folder && may_be && files.exists(store / entry.name / storage::k_run_file)) {
      found.push_back(entry.name);
    }
  }
  std::ranges::sort(found, std::greater());
  return found;
}

/// A run that has not finished.
struct Unfinished {
  std::filesystem::path folder;
  RunRecord record;
};

/// Runs of that name that have not finished and can be read, the latest first.
std::vector<Unfinished> unfinished(io::FileSystem& files, const std::filesystem::path& store,
                                   const std::vector<std::string>& folders, const std::string& name) {
  std::vector<Unfinished> runs;
  for (const std::string& folder : folders) {
    try {
      RunRecord record = storage::read_record(files, store / folder);
      if (record.name != name || state_of(record, false) == RunState::finished) continue;
      runs.push_back({store / folder, std::move(record)});
    } catch (const Error&) {
      // No run that could be gone on with; listings of the store tell its trouble.
    }
  }
  std::ranges::stable_sort(runs, std::greater(), [](const Unfinished& run) { return run.record.started.nanoseconds; });
  return runs;
}

/// Reads as many runs as it takes: those that began in one second at once, since names tell no more than that.
std::optional<Resumption> latest_unfinished(const RunRequest& request) {
  io::FileSystem& files = *request.files;
  std::vector<std::string> folders = candidates(files, request.store, request.name);
  std::optional<Resumption> other;  // the latest unfinished one of another plan
  std::vector<std::string> other_difference;
  for (auto first = folders.begin(); first != folders.end();) {
    const auto last = std::find_if(first, folders.end(), [&](const std::string& folder) {
      return folder.compare(0, k_second, *first, 0, k_second) != 0;
    });
    for (Unfinished& run : unfinished(files, request.store, {first, last}, request.name)) {
      Resumption found = resumption_of(run.folder, std::move(run.record));
      std::vector<std::string> sentences = difference(found, request);
      if (sentences.empty()) return found;
      if (other) continue;
      other = std::move(found);
      other_difference = std::move(sentences);
    }
    first = last;
  }
  if (other) refuse(*other, other_difference);
  return std::nullopt;
}

}  // namespace

std::optional<Resumption> find_resumption(const RunRequest& request, std::string_view which) {
  if (which == "last") return latest_unfinished(request);
  const std::filesystem::path folder = Store(request.store).find(which);
  RunRecord record = storage::read_record(*request.files, folder);
  if (state_of(record, false) == RunState::finished) {
    throw ConfigurationError(fmt::format("the run {} has finished with {} rows; there is nothing to go on with",
                                         folder.filename().string(), record.rows.value_or(0)));
  }
  const std::string name = record.name;
  Resumption resumption = resumption_of(folder, std::move(record));
  if (name != request.name) {
    refuse(resumption, {fmt::format("its session is called '{}', this one '{}'", name, request.name)});
  }
  if (const auto sentences = difference(resumption, request); !sentences.empty()) refuse(resumption, sentences);
  return resumption;
}

std::string take_resumption_in_environment(std::string_view name) {
  static std::atomic<bool> taken{false};
  const char* folder = std::getenv("WHEATSTONE_RESUME");
  if (folder == nullptr || *folder == '\0' || taken.load()) return {};
  if (storage::read_record(io::system_files(), folder).name != name || taken.exchange(true)) return {};
  return folder;
}

std::optional<std::uint64_t> order_seed_of(const Resumption& resumption) {
  return number_at(resumption, "plan", "order_seed");
}

std::optional<std::uint64_t> run_on_bench_of(const Resumption& resumption) {
  return number_at(resumption, "simulation", "run");
}

}  // namespace wheatstone::session
