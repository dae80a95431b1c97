#include "catalogue/matching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <wheatstone/error.hpp>

#include "catalogue/utf8.hpp"
#include "io/document.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {
namespace {

constexpr std::uint64_t k_listed_values = 1000;  // run.json keeps no more of a parameter

/// Both folded.
bool fits_whole(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += first_letter(text.substr(t)).size;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = resume += first_letter(text.substr(resume)).size;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool fits_instrument(std::string_view pattern, const RunInstrument& instrument) {
  return fits(pattern, instrument.alias) || fits(pattern, instrument.model) || fits(pattern, instrument.serial) ||
         fits(pattern, instrument.profile);
}

/// What run.json keeps of a value, as a number where it is one.
std::optional<double> number_of(const Value& value) {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = value.get_if<double>()) return *real;
  return std::nullopt;
}

Value value_of(const io::Document& document) {
  if (const auto* flag = document.get_if<bool>()) return *flag;
  if (const auto* integer = document.get_if<std::int64_t>()) return *integer;
  if (const auto* real = document.get_if<double>()) return *real;
  if (const auto* text = document.get_if<std::string>()) return *text;
  return {};
}

/// Nine digits: what a person types of 0.30000000000000004.
bool about_equal(double a, double b) { return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

bool fits_value(const ParameterFilter& filter, const Value& value) {
  const std::optional<double> number = number_of(value);
  if (filter.at_least || filter.at_most) {
    if (!number) return false;
    if (*number < filter.at_least.value_or(-std::numeric_limits<double>::infinity())) return false;
    if (*number > filter.at_most.value_or(std::numeric_limits<double>::infinity())) return false;
  }
  if (!filter.value) return true;
  const std::optional<double> wanted = number_of(*filter.value);
  if (wanted && number) return about_equal(*wanted, *number);
  const auto* wanted_text = filter.value->get_if<std::string>();
  const auto* text = value.get_if<std::string>();
  if (wanted_text != nullptr && text != nullptr) return folded(*wanted_text) == folded(*text);
  return value.identical(*filter.value);
}

bool wants_value(const ParameterFilter& filter) { return filter.value || filter.at_least || filter.at_most; }

/// Nothing speaks against it: of numbers the listed ones' range is known.
bool may_have(const ParameterFilter& filter, const RunParameter& parameter) {
  if (parameter.name != filter.name) return false;
  if (!wants_value(filter) || parameter.count == 0 || parameter.count > k_listed_values) return true;
  if (filter.at_least && (!parameter.greatest || *parameter.greatest < *filter.at_least)) return false;
  if (filter.at_most && (!parameter.least || *parameter.least > *filter.at_most)) return false;
  const std::optional<double> wanted = filter.value ? number_of(*filter.value) : std::nullopt;
  if (!wanted) return true;
  if (!parameter.least) return false;
  const double slack = 1e-9 * std::abs(*wanted);
  return *parameter.least - slack <= *wanted && *wanted <= *parameter.greatest + slack;
}

/// Values that no list names are those of the rows.
bool rows_fit(const ParameterFilter& filter, const std::filesystem::path& folder) {
  const Experiment run = Experiment::open(folder);
  if (std::ranges::find(run.columns(), filter.name, &Column::name) == run.columns().end()) return false;
  for (std::size_t row = 0; row < run.row_count(); ++row) {
    if (fits_value(filter, run.at(row, filter.name))) return true;
  }
  return false;
}

bool fits_parameter(const ParameterFilter& filter, const io::Document& record, const std::filesystem::path& folder) {
  const io::Document* parameters = record.find("parameters");
  if (parameters == nullptr) return false;
  for (const io::Document& parameter : parameters->items()) {
    if (parameter.text({"name"}) != filter.name) continue;
    const io::Document* values = parameter.find("values");
    if (values == nullptr) return rows_fit(filter, folder);
    const auto fits_this = [&](const io::Document& value) { return fits_value(filter, value_of(value)); };
    if (std::ranges::any_of(values->items(), fits_this)) return true;
    const io::Document* count = parameter.find("count");
    const auto* listed = count == nullptr ? nullptr : count->get_if<std::int64_t>();
    if (listed != nullptr && *listed > static_cast<std::int64_t>(values->items().size()))
      return rows_fit(filter, folder);
  }
  return false;
}

}  // namespace

bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  const std::string wanted = folded(pattern);
  const std::string given = folded(text);
  if (wanted.find_first_of("*?") == std::string::npos) return given.find(wanted) != std::string::npos;
  return fits_whole(wanted, given);
}

bool is_any(const RunFilter& filter) {
  return filter.name.empty() && !filter.from && !filter.until && filter.states.empty() && filter.instrument.empty() &&
         filter.parameters.empty() && filter.tags.empty();
}

bool fits(const RunFilter& filter, const RunSummary& run) {
  if (!fits(filter.name, run.name)) return false;
  if (filter.from && run.started < *filter.from) return false;
  if (filter.until && run.started >= *filter.until) return false;
  if (!filter.states.empty() && std::ranges::find(filter.states, run.state) == filter.states.end()) return false;
  const auto fits_this = [&](const RunInstrument& each) { return fits_instrument(filter.instrument, each); };
  if (!filter.instrument.empty() && std::ranges::none_of(run.instruments, fits_this)) return false;
  for (const std::string& tag : filter.tags) {
    if (std::ranges::find(run.tags, tag) == run.tags.end()) return false;
  }
  return std::ranges::all_of(filter.parameters, [&](const ParameterFilter& wanted) {
    return std::ranges::any_of(run.parameters, [&](const RunParameter& each) { return may_have(wanted, each); });
  });
}

bool fits_values(io::FileSystem& files, const RunFilter& filter, const RunSummary& run) {
  if (std::ranges::none_of(filter.parameters, wants_value)) return true;
  try {
    const storage::RunRecord record = storage::read_record(files, run.folder);
    return std::ranges::all_of(filter.parameters, [&](const ParameterFilter& each) {
      return !wants_value(each) || fits_parameter(each, record.document, run.folder);
    });
  } catch (const StorageError&) {
    return false;  // its trouble is listed without a filter
  }
}

}  // namespace wheatstone::catalogue
