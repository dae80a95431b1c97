#pragma once
// What is set for each point.

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>
#include <wheatstone/point.hpp>

#include "expression/expression.hpp"
#include "procedure/definition.hpp"
#include "procedure/rehearsals.hpp"
#include "procedure/target.hpp"

namespace wheatstone::procedure {

/// Text with expressions in braces, "FREQ {f}".
class Template {
 public:
  Template(const PlacedText& text, std::span<const expression::Variable> variables);
  [[nodiscard]] std::string text(std::span<const double> values) const;
  [[nodiscard]] const std::vector<std::size_t>& uses() const { return uses_; }

 private:
  struct Piece {
    std::string text;
    std::optional<expression::Expression> expression = {};
  };
  std::vector<Piece> pieces_;
  std::vector<std::size_t> uses_;
};

/// One target with its value: an expression of parameters, a word, or a parameter that is a word.
class SetPoint {
 public:
  /// Throws ConfigurationError at the place of what does not fit.
  SetPoint(const SetText& text, const TargetBinder& binder, std::span<const expression::Variable> parameters);

  /// Ordinals of the parameters that it depends on.
  [[nodiscard]] const std::vector<std::size_t>& uses() const { return uses_; }
  /// The parameter that it is set to and nothing else, and the unit that its target has.
  [[nodiscard]] std::optional<std::size_t> parameter_alone() const;
  [[nodiscard]] const std::string& unit() const { return target_.unit; }
  [[nodiscard]] const PlacedText& place() const { return place_; }
  [[nodiscard]] const PlacedText& value_place() const { return value_; }
  [[nodiscard]] const Instrument& instrument() const { return *target_.instrument; }

  /// REQUIRES: a value for each parameter.
  void send(std::span<const Value> values, std::span<const double> numbers) const;
  /// Throws ConfigurationError where the parameter has a word that the target does not take.
  void require_words(std::size_t parameter, const ParameterValues& values) const;

 private:
  using Content = std::variant<expression::Expression, Template, std::string, std::size_t>;
  [[nodiscard]] Content content_of(const PlacedText& value, std::span<const expression::Variable> parameters) const;
  [[nodiscard]] Content switch_of(const PlacedText& value, std::span<const expression::Variable> parameters) const;
  [[nodiscard]] Content word_of(const PlacedText& value, std::span<const expression::Variable> parameters) const;

  PlacedText place_;  ///< of the target
  PlacedText value_;
  SetTarget target_;
  Content content_;
  std::vector<std::size_t> uses_;
};

/// All of a procedure's. At the first point, and at the first after a resume, everything is sent in the file's order;
/// then what depends on a parameter that has changed. One thread.
class SetPoints {
 public:
  void add(SetPoint point) { points_.push_back(std::move(point)); }
  [[nodiscard]] const std::vector<SetPoint>& all() const { return points_; }
  [[nodiscard]] bool empty() const { return points_.empty(); }

  void send(const Point& point);
  /// Throws what send() would be refused with: a value of its own at its place, one of parameters with the point.
  void rehearse(const Point::Data& point, Rehearsals& rehearsals);
  /// Begins anew: everything is sent, or rehearsed, at the next point.
  void restart() { begun_ = false; }

 private:
  [[nodiscard]] bool is_new(const SetPoint& point, const Point::Data& at, bool all) const;

  std::vector<SetPoint> points_;
  std::vector<double> numbers_;
  bool begun_ = false;
};

/// The parameters' values as numbers; NaN for what is none.
void write_numbers(const Point::Data& point, std::vector<double>& out);

}  // namespace wheatstone::procedure
