#pragma once
// Which column a result belongs to.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include <wheatstone/row.hpp>

#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Maps the results of each acquisition to columns of the run and stages them. A key that is taken by a parameter,
/// `timestamp` or an earlier result becomes `<acquisition>.<key>`, and so does that of an uncertainty. An acquisition
/// that returns its keys in the same order as before costs a comparison a key. One thread.
class ResultColumns {
 public:
  /// The group of columns that stand last.
  static constexpr std::uint32_t k_late = 3;

  /// `taken`: names of parameters, `timestamp` and others that no result may have. The last `derived` of the
  /// acquisitions are derived columns.
  ResultColumns(storage::RunWriter& writer, std::vector<std::string> taken, std::vector<std::string> acquisitions,
                std::size_t derived);

  /// Stages the results of one acquisition. Throws DataError where a column's unit changes, or a prefixed name is taken
  /// too.
  void stage(std::size_t acquisition, const Row& results);

  /// A column of text of that name, one of `taken`, behind those that there are.
  std::size_t add_text_column(std::string name);

  /// The column of that key, which was staged; it is often the `position`-th that the acquisition returned.
  [[nodiscard]] std::string_view column_of(std::size_t acquisition, std::size_t position, std::string_view key) const;

  /// For a run that goes on, from its run.json: which acquisition's column has the plain name where several use it.
  void restore_owners(const io::Document& record);

  /// Columns that appear from now on are late: they stand last, but for the first ones of a derived column.
  void first_row_done() { group_ = k_late; }

 private:
  static constexpr std::uint32_t k_early = 2;
  static constexpr std::size_t k_none = static_cast<std::size_t>(-1);

  struct Target {
    std::string key;
    std::string name;
    std::size_t column = k_none;
    std::size_t uncertainty_column = k_none;
    Unit unit;
  };

  [[nodiscard]] bool is_derived(std::size_t acquisition) const {
    return acquisition + derived_ >= acquisitions_.size();
  }
  [[nodiscard]] std::string source(std::size_t acquisition) const;
  Target make_target(std::size_t acquisition, const std::string& key, const Value& value);
  void keep_owner(const std::string& name, std::size_t acquisition);
  void add_uncertainty(std::size_t acquisition, Target& target, Unit unit);
  [[nodiscard]] std::string prefixed(std::size_t acquisition, const std::string& name);
  void stage_value(std::size_t acquisition, Target& target, const Value& value);
  void check_unit(Target& target, const Value& value);

  storage::RunWriter& writer_;
  std::vector<std::string> acquisitions_;
  std::size_t derived_;                                         ///< how many of them, at the end, are derived columns
  std::unordered_map<std::string, std::size_t> owner_of_name_;  ///< acquisition, or k_none for parameters and timestamp
  std::unordered_map<std::string, std::string> stored_owners_;
  std::vector<std::vector<Target>> targets_;  ///< by acquisition, in order of appearance
  std::uint32_t group_ = k_early;
};

}  // namespace wheatstone::session
