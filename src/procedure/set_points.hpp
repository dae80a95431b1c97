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

  /// REQUIRES: a value for each parameter.
  void send(std::span<const Value> values, std::span<const double> numbers) const;
  /// Throws LimitError where send() would be refused; sends nothing.
  void check(std::span<const double> numbers) const;
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
  /// Throws LimitError, which names the place and the point, for what the instruments' limits would refuse.
  void check(const Point::Data& point);

 private:
  void gather(const Point::Data& point);

  std::vector<SetPoint> points_;
  std::vector<double> numbers_;
  bool begun_ = false;
};

}  // namespace wheatstone::procedure
