#pragma once
// A unit label. Labels are kept as typed and never scaled; drivers take and give SI base units.

#include <string_view>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

/// The name of a unit, "V" or "Ohm"; empty where there is none. As small as a pointer: equal labels share their text,
/// which lives as long as the process. Any thread.
class Unit {
 public:
  constexpr Unit() = default;

  /// Takes the label into the process's table of labels. Throws std::bad_alloc only.
  WHEATSTONE_API Unit(std::string_view label);                // NOLINT: implicit by design
  Unit(const char* label) : Unit(std::string_view(label)) {}  // NOLINT: implicit by design

  [[nodiscard]] constexpr std::string_view label() const { return label_; }
  [[nodiscard]] constexpr bool empty() const { return *label_ == '\0'; }

  friend constexpr bool operator==(Unit a, Unit b) { return a.label_ == b.label_; }

 private:
  static constexpr char k_none[1] = {'\0'};
  const char* label_ = k_none;
};

}  // namespace v1
}  // namespace wheatstone
