#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/store.hpp>

#include "bindings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

/// A member that is text, whatever bytes it has.
template <class Owner>
auto text_member(std::string Owner::* member) {
  return [member](const Owner& self) { return text_of(self.*member); };
}

template <class Owner>
void def_text(nb::class_<Owner>& type, const char* name, std::string Owner::* member, const char* doc = nullptr) {
  const std::string signature = "def " + std::string(name) + "(self) -> str";
  if (doc == nullptr)
    type.def_prop_ro(name, text_member(member), nb::sig(signature.c_str()));
  else
    type.def_prop_ro(name, text_member(member), nb::sig(signature.c_str()), doc);
}

/// What `repr` and `str` give.
nb::str line_of(const std::string& text) { return nb::borrow<nb::str>(text_of(text)); }

nb::list texts_of(const std::vector<std::string>& texts) {
  nb::list list;
  for (const std::string& each : texts) list.append(text_of(each));
  return list;
}

void bind_parts_of_summary(nb::module_& module) {
  nb::class_<RunInstrument> instrument(module, "RunInstrument", "An instrument of a run.");
  def_text(instrument, "alias", &RunInstrument::alias);
  def_text(instrument, "model", &RunInstrument::model);
  def_text(instrument, "serial", &RunInstrument::serial);
  def_text(instrument, "maker", &RunInstrument::maker);
  def_text(instrument, "profile", &RunInstrument::profile);
  def_text(instrument, "address", &RunInstrument::address);
  instrument.def("__repr__", [](const RunInstrument& self) {
    return line_of("RunInstrument(" + self.alias + ": " + self.model + " " + self.serial + ")");
  });
  nb::class_<RunParameter> parameter(module, "RunParameter", "A parameter of a run.");
  def_text(parameter, "name", &RunParameter::name);
  parameter
      .def_prop_ro(
          "unit", [](const RunParameter& self) { return text_of(self.unit.label()); }, nb::sig("def unit(self) -> str"))
      .def_ro("count", &RunParameter::count, "Of its values; 0 where the plan did not list them.")
      .def_ro("least", &RunParameter::least, "Of the listed values that are numbers; None where there are none.")
      .def_ro("greatest", &RunParameter::greatest)
      .def("__repr__", [](const RunParameter& self) {
        return line_of("RunParameter(" + self.name + ", " + std::to_string(self.count) + " values)");
      });
  nb::class_<RunNote> note(module, "RunNote", "What somebody noted of a run after it had begun.");
  note.def_prop_ro(
      "at", [](const RunNote& self) { return object_from(Value(self.at)); },
      nb::sig("def at(self) -> datetime.datetime"));
  def_text(note, "by", &RunNote::by, "The account's name.");
  def_text(note, "text", &RunNote::text);
  note.def("__repr__", [](const RunNote& self) { return line_of("RunNote(" + self.by + ": " + self.text + ")"); });
}

void bind_summary(nb::module_& module) {
  nb::class_<RunSummary> summary(module, "RunSummary", "What a listing says of a run.");
  def_text(summary, "id", &RunSummary::id);
  def_text(summary, "name", &RunSummary::name);
  def_text(summary, "kind", &RunSummary::kind, "\"sweep\" or \"timed\".");
  def_text(summary, "description", &RunSummary::description);
  def_text(summary, "error", &RunSummary::error, "What ended it, where something did.");
  def_text(summary, "script", &RunSummary::script, "The file that made it.");
  def_text(summary, "user", &RunSummary::user);
  def_text(summary, "host", &RunSummary::host);
  def_text(summary, "trouble", &RunSummary::trouble, "Why it cannot be read; empty where it can.");
  summary.def_prop_ro("state", [](const RunSummary& self) { return std::string(name_of(self.state)); })
      .def_prop_ro(
          "started_ns", [](const RunSummary& self) { return self.started.nanoseconds; }, "Nanoseconds since 1970, UTC.")
      .def_prop_ro(
          "started", [](const RunSummary& self) { return object_from(Value(self.started)); },
          nb::sig("def started(self) -> datetime.datetime"), "In UTC.")
      .def_prop_ro(
          "ended",
          [](const RunSummary& self) { return self.ended ? object_from(Value(*self.ended)) : nb::object(nb::none()); },
          nb::sig("def ended(self) -> datetime.datetime | None"),
          "In UTC; None where it has not, or nobody wrote it down.")
      .def_ro("row_count", &RunSummary::row_count)
      .def_ro("size_bytes", &RunSummary::size_bytes, "Of the files in its folder.")
      .def_ro("folder", &RunSummary::folder)
      .def_prop_ro(
          "tags", [](const RunSummary& self) { return texts_of(self.tags); }, nb::sig("def tags(self) -> list[str]"))
      .def_ro("notes", &RunSummary::notes, "What was noted of it after it had begun.")
      .def_ro("parameters", &RunSummary::parameters)
      .def_ro("instruments", &RunSummary::instruments)
      .def_ro("is_copy", &RunSummary::is_copy, "Whether it is a copy of another run of its store, whose id it has.")
      .def("__repr__", [](const RunSummary& self) {
        return line_of("RunSummary('" + self.name + "', " + std::string(name_of(self.state)) + ", " +
                       std::to_string(self.row_count) + " rows, '" + self.folder.filename().string() + "')");
      });
}

void bind_comparison(nb::module_& module) {
  nb::class_<Difference> difference(module, "Difference", "Something that two runs have otherwise.");
  def_text(difference, "part", &Difference::part,
           "\"plan\", \"instruments\", \"settings\", \"versions\", \"script\", \"host\" or \"outcome\".");
  def_text(difference, "what", &Difference::what);
  def_text(difference, "first", &Difference::first);
  def_text(difference, "second", &Difference::second);
  difference.def("__repr__", [](const Difference& self) {
    return line_of("Difference(" + self.part + ", " + self.what + ": " + self.first + " | " + self.second + ")");
  });
  nb::class_<ColumnDifference> column(module, "ColumnDifference", "A column that two runs have otherwise.");
  def_text(column, "name", &ColumnDifference::name);
  def_text(column, "trouble", &ColumnDifference::trouble, "Why it was not compared; empty where it was.");
  column
      .def_prop_ro(
          "unit", [](const ColumnDifference& self) { return text_of(self.unit.label()); },
          nb::sig("def unit(self) -> str"))
      .def_ro("compared", &ColumnDifference::compared, "Rows: those that both runs have.")
      .def_ro("different", &ColumnDifference::different, "Of these.")
      .def_ro("largest", &ColumnDifference::largest, "Of numbers, the largest difference, second minus first.")
      .def_ro("largest_row", &ColumnDifference::largest_row)
      .def("__repr__", [](const ColumnDifference& self) {
        return line_of("ColumnDifference(" + self.name + ", " + std::to_string(self.different) + " of " +
                       std::to_string(self.compared) + ")");
      });
  nb::class_<RunComparison>(module, "RunComparison", "What distinguishes two runs. As text, all of it in lines.")
      .def_ro("first", &RunComparison::first)
      .def_ro("second", &RunComparison::second)
      .def_ro("differences", &RunComparison::differences, "How they were made and how they ended.")
      .def_ro("columns", &RunComparison::columns, "Those that differ; timestamps and timing are not compared.")
      .def_prop_ro("same", &RunComparison::same)
      .def("__str__", [](const RunComparison& self) { return line_of(self.text()); });
}

void bind_verification(nb::module_& module) {
  nb::class_<FileTrouble> trouble(module, "FileTrouble", "A file of a run that is damaged or missing.");
  def_text(trouble, "file", &FileTrouble::file);
  def_text(trouble, "trouble", &FileTrouble::trouble);
  trouble.def_prop_ro(
      "rows", [](const FileTrouble& self) { return nb::make_tuple(self.rows.first, self.rows.count); },
      nb::sig("def rows(self) -> tuple[int, int]"), "That it holds or should hold: the first one, and how many.");
  trouble.def("__repr__", [](const FileTrouble& self) { return line_of("FileTrouble(" + self.file + ")"); });
  nb::class_<Verification>(module, "Verification", "What was found when a run's files were checked. As text, in lines.")
      .def_ro("folder", &Verification::folder)
      .def_ro("file_count", &Verification::file_count)
      .def_ro("byte_count", &Verification::byte_count)
      .def_ro("row_count", &Verification::row_count, "That the run has, or would have were nothing damaged.")
      .def_prop_ro("readable_count", &Verification::readable_count)
      .def_prop_ro(
          "readable",
          [](const Verification& self) {
            nb::list ranges;
            for (const RowRange& each : self.readable) ranges.append(nb::make_tuple(each.first, each.count));
            return ranges;
          },
          nb::sig("def readable(self) -> list[tuple[int, int]]"), "Rows, ascending: the first one, and how many.")
      .def_ro("troubles", &Verification::troubles)
      .def_prop_ro("whole", &Verification::whole)
      .def("__str__", [](const Verification& self) { return line_of(self.text()); });
  nb::class_<Compaction>(module, "Compaction", "What compacting did to a run's files of rows.")
      .def_ro("files_before", &Compaction::files_before)
      .def_ro("files_after", &Compaction::files_after)
      .def_ro("bytes_before", &Compaction::bytes_before)
      .def_ro("bytes_after", &Compaction::bytes_after);
  nb::class_<Recovery>(module, "Recovery", "What recovering left of a run that was killed.")
      .def_ro("row_count", &Recovery::row_count)
      .def_prop_ro(
          "set_aside", [](const Recovery& self) { return texts_of(self.set_aside); },
          nb::sig("def set_aside(self) -> list[str]"), "Files kept under another name.");
}

std::optional<Time> time_of(std::optional<std::int64_t> nanoseconds) {
  if (!nanoseconds) return std::nullopt;
  return Time{*nanoseconds};
}

RunFilter filter_from(const std::string& name, std::optional<std::int64_t> from_ns,
                      std::optional<std::int64_t> until_ns, const std::vector<std::string>& states,
                      const std::string& instrument, const nb::list& parameters, const std::vector<std::string>& tags) {
  RunFilter filter{.name = name, .from = time_of(from_ns), .until = time_of(until_ns)};
  for (const std::string& state : states) {
    for (auto each = RunState::preparing;; each = static_cast<RunState>(static_cast<int>(each) + 1)) {
      if (name_of(each) == state) filter.states.push_back(each);
      if (each == RunState::killed) break;
    }
  }
  filter.instrument = instrument;
  for (const nb::handle item : parameters) {
    ParameterFilter parameter{.name = nb::cast<std::string>(item[0])};
    if (!item[1].is_none()) parameter.value = value_from(item[1]);
    parameter.at_least = nb::cast<std::optional<double>>(item[2]);
    parameter.at_most = nb::cast<std::optional<double>>(item[3]);
    filter.parameters.push_back(std::move(parameter));
  }
  filter.tags = tags;
  return filter;
}

void bind_filter(nb::module_& module) {
  nb::class_<RunFilter>(module, "RunFilter", "Which runs to list.")
      .def(
          "__init__",
          [](RunFilter* self, const std::string& name, std::optional<std::int64_t> from_ns,
             std::optional<std::int64_t> until_ns, const std::vector<std::string>& states,
             const std::string& instrument, const nb::list& parameters, const std::vector<std::string>& tags) {
            new (self) RunFilter(filter_from(name, from_ns, until_ns, states, instrument, parameters, tags));
          },
          nb::arg("name") = "", nb::arg("from_ns") = nb::none(), nb::arg("until_ns") = nb::none(),
          nb::arg("states") = std::vector<std::string>(), nb::arg("instrument") = "",
          nb::arg("parameters") = nb::list(), nb::arg("tags") = std::vector<std::string>());
}

}  // namespace

void bind_store(nb::module_& module) {
  bind_parts_of_summary(module);
  bind_summary(module);
  bind_comparison(module);
  bind_verification(module);
  bind_filter(module);
  nb::class_<SearchHit> hit(module, "SearchHit", "A run that a search found.");
  hit.def_ro("run", &SearchHit::run);
  def_text(hit, "excerpt", &SearchHit::excerpt, "Where the words stand, the words between « and ».");
  hit.def("__repr__",
          [](const SearchHit& self) { return line_of("SearchHit(" + self.run.name + ": " + self.excerpt + ")"); });
  nb::class_<Store>(module, "Store", "A folder of runs.")
      .def(nb::init<const std::filesystem::path&>(), nb::arg("folder") = std::filesystem::path())
      .def_static("default_folder", &Store::default_folder)
      .def_static("known", &Store::known, "Stores that runs were written to from this account, latest first.")
      .def_prop_ro("folder", &Store::folder)
      .def("runs", &Store::runs, nb::arg("filter") = RunFilter(), "The runs in it that fit, oldest first.")
      .def(
          "search",
          [](const Store& self, const std::string& words, std::optional<std::size_t> limit, const RunFilter& filter) {
            return limit ? self.search_page(words, *limit, filter).hits : self.search(words, filter);
          },
          nb::arg("words"), nb::arg("limit") = nb::none(), nb::arg("filter") = RunFilter(),
          "The runs that have all of these words, best first.")
      .def("rebuild", &Store::rebuild)
      .def("take_notices", &Store::take_notices)
      .def("find", &Store::find, nb::arg("which"), "The folder of the run that `which` means.")
      .def("open_readable", &Store::open_readable, nb::arg("which"))
      .def("summary", &Store::summary, nb::arg("which"))
      .def("tag", &Store::tag, nb::arg("which"), nb::arg("tags"))
      .def("untag", &Store::untag, nb::arg("which"), nb::arg("tags"))
      .def("annotate", &Store::annotate, nb::arg("which"), nb::arg("text"))
      .def("compare", &Store::compare, nb::arg("first"), nb::arg("second"))
      .def("trash", &Store::trash, nb::arg("which"))
      .def("trashed", &Store::trashed)
      .def("restore", &Store::restore, nb::arg("which"))
      .def("empty_trash", &Store::empty_trash)
      .def("verify", &Store::verify, nb::arg("which"))
      .def("compact", &Store::compact, nb::arg("which"))
      .def("recover", &Store::recover, nb::arg("which"));
}

}  // namespace wheatstone::python
