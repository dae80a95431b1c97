#include "faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <ostream>
#include <utility>
#include <wheatstone/error.hpp>

#include "json.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Fault {
  std::optional<std::uint64_t> line = {};
  std::optional<std::uint64_t> column = {};
  std::string text = {};  // without its place
};

// "FILE:12:5: text", as the readers of files say it; other text has no place.
Fault fault_of(const std::string& file, const std::string& said) {
  if (!said.starts_with(file + ":")) return {.text = said};
  const char* at = said.data() + file.size() + 1;
  const char* const end = said.data() + said.size();
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  const auto first = std::from_chars(at, end, line);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return {.text = said};
  const auto second = std::from_chars(first.ptr + 1, end, column);
  if (second.ec != std::errc() || end - second.ptr < 2) return {.text = said};
  return {line, column, std::string(second.ptr + 2, end)};
}

Json json_of(const std::string& file, const std::string& what, const std::vector<Fault>& faults) {
  Json list = Json::array();
  for (const Fault& fault : faults) {
    list.add(Json::object({{"line", fault.line}, {"column", fault.column}, {"text", fault.text}}));
  }
  return Json::object({{"file", file}, {"sound", faults.empty()}, {"what", what}, {"faults", list}});
}

void print(const Terminal& terminal, const std::string& file, const std::string& what,
           const std::vector<Fault>& faults) {
  if (faults.empty())
    *terminal.out << fmt::format("{}: {}: {}\n", printable(file), terminal.styled("sound", Style::good),
                                 printable(what));
  for (const Fault& fault : faults) {
    // As compilers do, so that editors jump there.
    *terminal.out << (fault.line ? fmt::format("{}:{}:{}: {}\n", printable(file), *fault.line, *fault.column,
                                               printable(fault.text))
                                 : printable(fault.text) + "\n");
  }
}

}  // namespace

void take_files(Verb& verb, ValidateOptions& options) {
  verb.argument("file", options.files, "YAML files", {.required = true, .offers = Offer::file});
  verb.flag("--json", options.json, k_json_help);
  verb.note("A file with faults is status 1; each fault is told with its line and column.");
}

int validate(const Terminal& terminal, const ValidateOptions& options,
             const std::function<std::string(const std::string& file)>& read) {
  Json all = Json::array();
  int status = k_done;
  for (const std::string& file : options.files) {
    std::string what;
    std::vector<Fault> faults;
    try {
      what = read(file);
    } catch (const ConfigurationError& error) {
      status = k_failed;
      faults.push_back(fault_of(file, error.what()));
      for (const std::string& each : error.attached()) faults.push_back(fault_of(file, each));
      std::ranges::stable_sort(faults, {}, [](const Fault& fault) { return std::pair(fault.line, fault.column); });
    }
    all.add(json_of(file, what, faults));
    if (!options.json) print(terminal, file, what, faults);
  }
  if (options.json) *terminal.out << all.text();
  return status;
}

}  // namespace wheatstone::cli
