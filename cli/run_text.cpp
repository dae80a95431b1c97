#include "run_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <ostream>
#include <wheatstone/error.hpp>

#include "text.hpp"

namespace wheatstone::cli {
namespace {

Style style_of(RunState state) {
  switch (state) {
    case RunState::preparing:
    case RunState::running:
    case RunState::finished:
      return Style::good;
    case RunState::paused:
    case RunState::stopping:
    case RunState::stopped:
      return Style::warning;
    case RunState::failed:
    case RunState::aborted:
    case RunState::killed:
      return Style::bad;
  }
  return Style::plain;
}

Json notes_of(const RunSummary& run) {
  Json notes = Json::array();
  for (const RunNote& note : run.notes) {
    notes.add(Json::object({{"at", note.at}, {"by", note.by}, {"text", note.text}}));
  }
  return notes;
}

Json parameters_of(const RunSummary& run) {
  Json parameters = Json::array();
  for (const RunParameter& each : run.parameters) {
    parameters.add(Json::object({{"name", each.name},
                                 {"unit", std::string(each.unit.label())},
                                 {"count", each.count},
                                 {"least", each.least},
                                 {"greatest", each.greatest}}));
  }
  return parameters;
}

Json instruments_of(const RunSummary& run) {
  Json instruments = Json::array();
  for (const RunInstrument& each : run.instruments) {
    instruments.add(Json::object({{"alias", each.alias},
                                  {"maker", each.maker},
                                  {"model", each.model},
                                  {"serial", each.serial},
                                  {"profile", each.profile},
                                  {"address", each.address}}));
  }
  return instruments;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

std::string handle_of(const RunSummary& run) {
  const std::string folder = run.folder.filename().string();
  const std::size_t underscore = folder.rfind('_');
  return underscore == std::string::npos ? folder : folder.substr(underscore + 1);
}

std::string title_of(const RunSummary& run) {
  return printable(run.name.empty() ? run.folder.filename().string() : run.name);
}

std::string called(const Terminal& terminal, const RunSummary& run) {
  constexpr std::size_t k_enough = 30;
  std::string title = title_of(run);
  if (terminal.limit()) title = shortened(title, k_enough, terminal.unicode);
  return fmt::format("{} ({})", title, handle_of(run));
}

Cell state_of(const RunSummary& run) {
  if (run.id.empty()) return {"unreadable", Style::bad};
  return {std::string(name_of(run.state)), style_of(run.state)};
}

bool is_alive(RunState state) {
  return state == RunState::preparing || state == RunState::running || state == RunState::paused ||
         state == RunState::stopping;
}

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::array k_units = {"B", "kB", "MB", "GB", "TB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 999.5 && unit + 1 < k_units.size()) {
    size /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", size, unit == 0 || size >= 99.5 ? 0 : 1, k_units[unit]);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

Table table_of(const std::vector<RunSummary>& runs) {
  Table table({{.title = "run"},
               {.title = "started (UTC)", .rank = 2},
               {.title = "state"},
               {.title = "rows", .is_number = true, .rank = 1},
               {.title = "name", .least = 12},
               {.title = "tags", .rank = 3, .least = 8}});
  for (const RunSummary& run : runs) {
    const bool is_known = !run.id.empty();
    std::string name = title_of(run);
    if (!run.trouble.empty()) name += ": " + printable(run.trouble);
    table.add({handle_of(run), is_known ? utc(run.started) : std::string(), state_of(run),
               is_known ? fmt::format("{}", run.row_count) : std::string(), name,
               Cell(printable(fmt::format("{}", fmt::join(run.tags, ", "))), Style::faint)});
  }
  return table;
}

Json json_of(const RunSummary& run) {
  return Json::object({{"id", text_or_null(run.id)},
                       {"handle", handle_of(run)},
                       {"name", run.name},
                       {"state", state_of(run).text},
                       {"started", run.id.empty() ? Json() : Json(run.started)},
                       {"ended", run.ended},
                       {"rows", run.row_count},
                       {"kind", text_or_null(run.kind)},
                       {"description", run.description},
                       {"tags", run.tags},
                       {"notes", notes_of(run)},
                       {"parameters", parameters_of(run)},
                       {"instruments", instruments_of(run)},
                       {"error", text_or_null(run.error)},
                       {"trouble", text_or_null(run.trouble)},
                       {"script", text_or_null(run.script)},
                       {"user", text_or_null(run.user)},
                       {"host", text_or_null(run.host)},
                       {"size", run.size_bytes},
                       {"is_copy", run.is_copy},
                       {"folder", run.folder.string()}});
}

Json json_of(const std::vector<RunSummary>& runs) {
  Json all = Json::array();
  for (const RunSummary& run : runs) all.add(json_of(run));
  return all;
}

void tell_notices(const Terminal& terminal, Store& store) {
  for (const std::string& notice : store.take_notices()) {
    *terminal.err << "wheatstone: " << printable(notice) << '\n';
  }
}

void require_store(const std::filesystem::path& store) {
  std::error_code ignored;  // what cannot be looked at is told by whoever lists it
  const auto status = std::filesystem::status(store, ignored);
  if (!std::filesystem::exists(status) || std::filesystem::is_directory(status)) return;
  throw StorageError(fmt::format("'{}' is no folder; a store of runs is one, name it with --store or WHEATSTONE_STORE",
                                 store.string()));
}

}  // namespace wheatstone::cli
