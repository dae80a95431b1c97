#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>
#include <wheatstone/table_writer.hpp>

#include <tuple>

#include "bindings.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

TableOptions options_from(const std::string& name, const std::string& description, const std::string& notes,
                          std::optional<std::int64_t> started_ns, const std::string& details) {
  TableOptions options{.name = name, .description = description, .notes = notes, .details = details};
  if (started_ns) options.started = Time{*started_ns};
  return options;
}

/// A column as the lists of its cells is handed over. Of a column of times the cells are nanoseconds since 1970.
struct Cells {
  std::size_t column;
  nb::list values;
  bool is_time;
};

Value cell_from(const Cells& cells, std::size_t row) {
  const nb::handle object = cells.values[row];
  if (cells.is_time && !object.is_none()) return Value(Time{nb::cast<std::int64_t>(object)});
  return value_from(object);
}

/// `columns` are (number, cells, whether these are nanoseconds), all of one length.
void append_columns(TableWriter& self, const std::vector<std::tuple<std::size_t, nb::list, bool>>& columns) {
  std::vector<Cells> all;
  for (const auto& [column, values, is_time] : columns) {
    if (!all.empty() && values.size() != all.front().values.size())
      throw DataError("the columns of a table are of one length");
    all.push_back({column, values, is_time});
  }
  const std::size_t rows = all.empty() ? 0 : all.front().values.size();
  for (std::size_t row = 0; row < rows; ++row) {
    for (const Cells& cells : all) self.set(cells.column, cell_from(cells, row));
    self.commit();
  }
}

}  // namespace

void bind_table_writer(nb::module_& module) {
  nb::class_<TableWriter>(module, "TableWriter", "Writes a table that no session measured into a store, as a run.")
      .def(
          "__init__",
          [](TableWriter* self, const std::filesystem::path& store, const std::string& name,
             const std::string& description, const std::string& notes, std::optional<std::int64_t> started_ns,
             const std::string& details) {
            new (self) TableWriter(store, options_from(name, description, notes, started_ns, details));
          },
          nb::arg("store"), nb::arg("name"), nb::arg("description") = "", nb::arg("notes") = "",
          nb::arg("started_ns") = nb::none(), nb::arg("details") = "")
      .def(
          "add_column",
          [](TableWriter& self, const std::string& name, const std::string& type, const std::string& unit,
             const std::string& role, const std::string& notes) {
            return self.add_column({.name = name, .type = type, .unit = Unit(unit), .role = role, .notes = notes});
          },
          nb::arg("name"), nb::arg("type") = "", nb::arg("unit") = "", nb::arg("role") = "", nb::arg("notes") = "")
      .def("append_columns", &append_columns, nb::arg("columns"),
           nb::sig("def append_columns(self, columns: list[tuple[int, list[object], bool]]) -> None"),
           "Rows, column by column: its number, its cells, and whether these are nanoseconds since 1970.")
      .def(
          "finish", [](TableWriter& self, const std::string& details) { return self.finish(details); },
          nb::arg("details") = "", "Seals the table and returns it.");
}

}  // namespace wheatstone::python
