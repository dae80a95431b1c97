#pragma once
// What is done one thing after the other: setup, teardown, levels, tasks.

#include <functional>
#include <memory>
#include <span>
#include <variant>
#include <vector>
#include <wheatstone/parameter.hpp>
#include <wheatstone/point.hpp>

#include "procedure/definition.hpp"
#include "procedure/rehearsals.hpp"
#include "procedure/set_points.hpp"
#include "procedure/target.hpp"

namespace wheatstone::procedure {

/// Steps that are bound to their instruments. Copies share what they are bound to. One thread.
class Steps {
 public:
  Steps() = default;
  /// `parameters` are those whose values the steps may use. Throws ConfigurationError at its place.
  Steps(const std::vector<StepText>& texts, const TargetBinder& binder,
        std::span<const expression::Variable> parameters = {});

  [[nodiscard]] bool empty() const { return steps_.empty(); }

  /// What becomes of a wait that the end of a run has cut short.
  enum class Cut { ends, goes_on };
  /// Takes all of them. Without a point there are no parameters. False where a wait was cut short, which ends them.
  bool take(const Point* point = nullptr, Cut cut = Cut::ends) const;
  /// Throws what take() would be refused with, at its place; the values of `point`, where there is one, are used.
  void rehearse(Rehearsals& rehearsals, const Point::Data* point = nullptr) const;

 private:
  struct Loop {
    PlacedText variable;
    std::shared_ptr<const ParameterValues> values;
    std::shared_ptr<const Steps> steps;
  };
  struct Wait {
    MeasurementSession* session;
    Duration time;
  };
  using Step = std::variant<std::shared_ptr<const SetPoint>, TargetAction, Wait, Loop>;
  /// Values of the parameters, then of the loops that are gone through.
  struct Values {
    std::vector<Value> values;
    std::vector<double> numbers;
    std::string place;  ///< of the loops, for refusals: "v = 1, "
  };

  [[nodiscard]] Values values_of(const Point::Data* point) const;
  [[nodiscard]] Loop loop_of(const StepText& text, const TargetBinder& binder,
                             std::span<const expression::Variable> variables) const;
  bool take(Values& values, Cut cut) const;
  bool take(const Loop& loop, Values& values, Cut cut) const;
  void rehearse(Rehearsals& rehearsals, Values& values) const;
  void rehearse(const Loop& loop, Rehearsals& rehearsals, Values& values) const;

  std::size_t parameters_ = 0;  ///< whose values are taken from a point
  std::vector<Step> steps_;
};

}  // namespace wheatstone::procedure
