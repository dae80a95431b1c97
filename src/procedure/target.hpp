#pragma once
// "psu.channel(1).voltage": which quantity of which instrument, and how to get at it.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <wheatstone/instrument.hpp>
#include <wheatstone/session.hpp>
#include <wheatstone/value.hpp>

#include "expression/dimension.hpp"
#include "procedure/placed_text.hpp"
#include "procedure/quantity.hpp"

namespace wheatstone::procedure {

/// A target's parts.
struct TargetParts {
  std::string alias = {};
  std::optional<int> channel = {};
  std::string quantity = {};    ///< "voltage", "voltage_dc.nplc", "query", ...
  std::string argument = {};    ///< of query("...")
  std::size_t quantity_at = 0;  ///< bytes before it
};
/// Throws ConfigurationError at its place.
[[nodiscard]] TargetParts parse_target(const PlacedText& target);

/// A quantity that is set. Talks as a driver does: limits first.
struct SetTarget {
  Instrument* instrument = nullptr;
  int channel = 0;
  Quantity::Kind kind = Quantity::Kind::number;
  std::string unit = {};
  std::string limited = {};                             ///< as limits name it; empty where it has none
  std::function<void(double)> set = {};                 ///< of numbers and switches
  std::function<void(std::string_view)> set_word = {};  ///< of words
  std::function<void(std::string_view)> require_word = {};
};

/// Something that is done and takes no value.
struct TargetAction {
  Instrument* instrument = nullptr;
  std::function<void()> act = {};
};

/// A quantity that is read, for what it is in expressions.
struct ReadSource {
  Instrument* instrument = nullptr;
  std::string unit = {};  ///< of the numbers; empty where it is not known
  expression::Variable::Kind kind = expression::Variable::Kind::number;
  std::function<Value()> read = {};
};

/// Binds targets to a session's instruments. What does not exist is refused at its place, with the nearest that does.
class TargetBinder {
 public:
  explicit TargetBinder(MeasurementSession& session) : session_(session) {}

  [[nodiscard]] SetTarget set(const PlacedText& target) const;
  [[nodiscard]] ReadSource read(const PlacedText& source) const;
  [[nodiscard]] TargetAction action(const PlacedText& target) const;
  /// Narrows a limit for as long as the instrument is connected. `source` goes into refusals.
  void limit(const PlacedText& target, std::optional<double> minimum, std::optional<double> maximum) const;
  [[nodiscard]] Instrument& instrument(const PlacedText& target, const std::string& alias) const;
  [[nodiscard]] MeasurementSession& session() const { return session_; }

 private:
  [[nodiscard]] int channel(const PlacedText& target, const TargetParts& parts, const Instrument& instrument,
                            bool per_channel) const;

  MeasurementSession& session_;
};

}  // namespace wheatstone::procedure
