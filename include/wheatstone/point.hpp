#pragma once
// One point of a run, as an acquisition sees it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/parameter.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone {
inline namespace v1 {

/// A point: which one, when it is due, and the parameters' values. Valid during the call that it is handed to.
class Point {
 public:
  /// The engine's own storage behind a point.
  struct Data {
    std::uint64_t index = 0;
    std::uint64_t slot = 0;
    std::int64_t due = 0;
    Time timestamp = {};
    std::vector<std::string> names = {};      ///< of the parameters
    std::vector<Value> values = {};           ///< one a parameter
    std::vector<std::size_t> positions = {};  ///< of each value in its parameter's list, or k_no_position
    Row so_far = {};
    std::vector<std::size_t> changed = {};  ///< ordinals of the parameters whose value is new, ascending
    std::uint64_t repetition = 0;           ///< of a plan that is run several times, from 0
    bool incomplete = false;                ///< an acquisition of this point was skipped
    bool first_after_resume = false;        ///< the first point of a run that goes on

    /// Of a value that is not one of a list: of an explicit point, or proposed.
    static constexpr std::size_t k_no_position = static_cast<std::size_t>(-1);
  };

  explicit Point(const Data& data) : data_(&data) {}

  /// The row's number in the run, from 0.
  [[nodiscard]] std::uint64_t index() const { return data_->index; }
  /// In a timed run, the number of the slot on the grid start + slot * interval; else the index.
  [[nodiscard]] std::uint64_t slot() const { return data_->slot; }
  /// When the point was due, since the start of the run.
  [[nodiscard]] Duration due() const { return std::chrono::nanoseconds(data_->due); }

  /// When the point began, as its row says.
  [[nodiscard]] Time timestamp() const { return data_->timestamp; }

  /// Which time this is that the plan is run, from 0.
  [[nodiscard]] std::uint64_t repetition() const { return data_->repetition; }

  /// The parameter's value here. REQUIRES: a parameter of this session. Throws ConfigurationError where it has none of
  /// that type: an inner parameter while the values of an outer one are made.
  template <class T>
  [[nodiscard]] const T& operator[](const Parameter<T>& parameter) const {
    if constexpr (detail::NamedEnum<T>) {
      const std::size_t position = data_->positions[parameter.ordinal()];
      if (position < parameter.enumerators().size()) return parameter.enumerators()[position];
    } else {
      if (const T* value = data_->values[parameter.ordinal()].template get_if<T>()) return *value;
    }
    throw_no_value(parameter.ordinal());
  }

  /// The same by name. Throws ConfigurationError for a name that is no parameter.
  [[nodiscard]] WHEATSTONE_API const Value& operator[](std::string_view name) const;

  /// True at the first point after an unfinished run went on: whatever was set before has to be set again.
  [[nodiscard]] bool first_after_resume() const { return data_->first_after_resume; }

  /// Results of this point's earlier acquisitions.
  [[nodiscard]] const Row& row() const { return data_->so_far; }

  [[nodiscard]] const Data& data() const { return *data_; }

 private:
  [[noreturn]] WHEATSTONE_API void throw_no_value(std::size_t ordinal) const;

  const Data* data_;
};

}  // namespace v1
}  // namespace wheatstone
