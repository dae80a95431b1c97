#pragma once
// What a listing of runs says of each, and which runs to list.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/unit.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

/// An instrument of a run, as run.json has it. Maker, model and serial number are those of its answer to *IDN?.
struct RunInstrument {
  std::string alias = {};
  std::string model = {};
  std::string serial = {};
  std::string maker = {};
  std::string profile = {};  ///< "keysight/34470A"
  std::string address = {};
};

/// A parameter of a run.
struct RunParameter {
  std::string name = {};
  Unit unit = {};
  std::uint64_t count = 0;              ///< of its values; 0 where the plan did not list them
  std::optional<double> least = {};     ///< of the listed ones that are numbers
  std::optional<double> greatest = {};  ///< of these
};

/// What somebody noted of a run after it had begun.
struct RunNote {
  Time at = {};
  std::string by = {};  ///< the account's name
  std::string text = {};
};

/// What a listing says of a run. A run that cannot be read, or not all of it, is listed with the reason in `trouble`;
/// what could be read of it is there.
struct RunSummary {
  std::string id = {};
  std::string name = {};
  RunState state = RunState::killed;
  Time started = {};
  std::uint64_t row_count = 0;
  std::filesystem::path folder = {};
  std::string trouble = {};
  std::optional<Time> ended = {};
  std::string kind = {};  ///< "sweep" or "timed"
  std::string description = {};
  std::vector<std::string> tags = {};  ///< in the order in which they were given
  std::vector<RunNote> notes = {};     ///< the same
  std::vector<RunParameter> parameters = {};
  std::vector<RunInstrument> instruments = {};
  std::uint64_t size_bytes = 0;  ///< of the files in its folder
  std::string error = {};        ///< what ended it, where something did
  std::string script = {};       ///< the file that made it
  std::string user = {};
  std::string host = {};
  /// Whether it is a copy of another run of this store, whose id it has: the one whose folder still has the name that
  /// it was made with is the run, else the first by name.
  bool is_copy = false;
};

/// Asks for runs with a parameter, and for values that it took. run.json keeps the first thousand values, which are
/// looked at; of a parameter whose values were not listed beforehand, the rows are.
struct ParameterFilter {
  std::string name = {};
  std::optional<Value> value = {};      ///< one of them; numbers are compared to nine digits
  std::optional<double> at_least = {};  ///< one of them in this range
  std::optional<double> at_most = {};
};

/// Which runs to list: those that fit everything that is given. Where text is looked for, case is ignored; text with
/// `*` or `?` must fit as a whole (any characters, one character), other text may stand anywhere.
struct RunFilter {
  std::string name = {};
  std::optional<Time> from = {};      ///< started then or later
  std::optional<Time> until = {};     ///< started before
  std::vector<RunState> states = {};  ///< one of these
  std::string instrument = {};        ///< the alias, model, serial number or profile of one
  std::vector<ParameterFilter> parameters = {};
  std::vector<std::string> tags = {};  ///< all of these, as a whole
};

}  // namespace v1
}  // namespace wheatstone
