#include "session/resumption.hpp"

#include <fmt/core.h>

#include <atomic>
#include <cstdlib>
#include <ranges>
#include <string>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "session/engine.hpp"
#include "session/plan_identity.hpp"
#include "session/run_document.hpp"

namespace wheatstone::session {
namespace {

Resumption opened(const std::filesystem::path& folder) {
  return {.folder = folder, .record = io::Document::parse(Experiment::open(folder).metadata())};
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

std::optional<Resumption> latest_unfinished(const RunRequest& request) {
  std::optional<Resumption> other;  // the latest unfinished one of another plan
  std::vector<std::string> other_difference;
  const std::vector<RunSummary> runs = Store(request.store).runs();
  for (const RunSummary& run : runs | std::views::reverse) {
    if (run.name != request.name || run.state == RunState::finished || !run.trouble.empty()) continue;
    Resumption found = opened(run.folder);
    std::vector<std::string> sentences = difference(found, request);
    if (sentences.empty()) return found;
    if (other) continue;
    other = std::move(found);
    other_difference = std::move(sentences);
  }
  if (other) refuse(*other, other_difference);
  return std::nullopt;
}

}  // namespace

std::optional<Resumption> find_resumption(const RunRequest& request, std::string_view which) {
  if (which == "last") return latest_unfinished(request);
  const std::filesystem::path folder = Store(request.store).find(which);
  const Experiment experiment = Experiment::open(folder);
  if (experiment.state() == RunState::finished) {
    throw ConfigurationError(fmt::format("the run {} has finished with {} rows; there is nothing to go on with",
                                         folder.filename().string(), experiment.row_count()));
  }
  Resumption resumption = opened(folder);
  if (experiment.name() != request.name) {
    refuse(resumption, {fmt::format("its session is called '{}', this one '{}'", experiment.name(), request.name)});
  }
  if (const auto sentences = difference(resumption, request); !sentences.empty()) refuse(resumption, sentences);
  return resumption;
}

std::string take_resumption_in_environment(std::string_view name) {
  static std::atomic<bool> taken{false};
  const char* folder = std::getenv("WHEATSTONE_RESUME");
  if (folder == nullptr || *folder == '\0' || taken.load()) return {};
  if (Experiment::open(folder).name() != name || taken.exchange(true)) return {};
  return folder;
}

std::optional<std::uint64_t> order_seed_of(const Resumption& resumption) {
  return number_at(resumption, "plan", "order_seed");
}

std::optional<std::uint64_t> run_on_bench_of(const Resumption& resumption) {
  return number_at(resumption, "simulation", "run");
}

}  // namespace wheatstone::session
