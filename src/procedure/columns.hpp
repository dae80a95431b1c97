#pragma once
// What a procedure reads at a point, and what it computes from that.

#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <wheatstone/binding.hpp>

#include "expression/expression.hpp"
#include "procedure/definition.hpp"
#include "procedure/row_values.hpp"
#include "procedure/target.hpp"

namespace wheatstone::procedure {

/// Called with each point that something is done for, before it is done. May be empty.
using PointWatch = std::function<void(const Point&)>;

/// A column that is read, converted to its unit.
class ReadColumn {
 public:
  ReadColumn(const ReadText& text, const TargetBinder& binder);
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] expression::Variable variable() const { return {name_, label_, source_.kind}; }
  [[nodiscard]] const Instrument& instrument() const { return *source_.instrument; }
  [[nodiscard]] Value read() const;

 private:
  std::string name_;
  ReadSource source_;
  std::string label_;  ///< of the column's unit
  Unit unit_;
  std::optional<expression::UnitScale> from_ = {};
  std::optional<expression::UnitScale> to_ = {};
};

/// Columns that are read in one go, with the same attempts.
class ReadAcquisition final : public binding::Acquisition {
 public:
  ReadAcquisition(std::string name, AcquisitionOptions options, std::vector<ReadColumn> columns, PointWatch watch)
      : Acquisition(std::move(name), std::move(options)), columns_(std::move(columns)), watch_(std::move(watch)) {}
  void measure(const Point& point, Row& out) override;

 private:
  std::vector<ReadColumn> columns_;
  PointWatch watch_;
};

/// A column that is computed from the row.
class DerivedColumn final : public binding::Acquisition {
 public:
  /// `variables` are the parameters, then the columns before this one. Throws ConfigurationError at its place.
  DerivedColumn(const DeriveText& text, std::span<const expression::Variable> variables, std::size_t parameters);
  [[nodiscard]] expression::Variable variable() const;
  void measure(const Point& point, Row& out) override;

 private:
  DerivedColumn(const DeriveText& text, std::span<const expression::Variable> variables, std::size_t parameters,
                expression::Expression expression);

  expression::Expression expression_;
  RowValues values_;
  std::string label_;
  Unit unit_;
  std::optional<expression::UnitScale> to_ = {};
};

/// An expression that has to be a condition. Throws ConfigurationError at its place.
[[nodiscard]] expression::Expression condition_of(const PlacedText& text,
                                                  std::span<const expression::Variable> variables);

}  // namespace wheatstone::procedure
