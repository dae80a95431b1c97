#pragma once
// What a Python function returned, as a row.

#include <nanobind/nanobind.h>

#include <cstddef>
#include <string>
#include <vector>
#include <wheatstone/row.hpp>

namespace wheatstone::python {

/// Writes mappings into rows. A mapping with the keys of the one before, as the same objects, costs no text. Everything
/// here needs the interpreter's lock.
class PythonResults {
 public:
  /// `source` is who returns them, in sentences: "acquisition 'measure'".
  explicit PythonResults(std::string source) : source_(std::move(source)) {}

  [[nodiscard]] const std::string& source() const { return source_; }
  void clear() { keys_.clear(); }

  /// `results` is a dict or another mapping; `out` holds what was taken before. Throws DataError for anything else, for
  /// keys that are no text, and for values that no cell holds.
  void take(nanobind::handle results, Row& out);

 private:
  void set(std::size_t i, PyObject* key, PyObject* value, Row& out);

  std::string source_;
  std::vector<nanobind::object> keys_;  ///< of the previous results: the same objects mean the same keys
};

[[nodiscard]] bool is_mapping(nanobind::handle object);

}  // namespace wheatstone::python
