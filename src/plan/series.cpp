#include <fmt/core.h>

#include <array>
#include <cmath>
#include <wheatstone/error.hpp>
#include <wheatstone/series.hpp>

#include "base/text.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr std::array<std::string_view, 5> k_rules = {"linspace", "logspace", "geomspace", "arange", "steps"};
constexpr double k_part_of_step = 1e-6;           // by which the last of steps() may miss its stop
constexpr double k_most = 9'007'199'254'740'992;  // 2^53: positions that a double tells apart

class SeriesValues final : public ParameterValues {
 public:
  explicit SeriesValues(Series series) : series_(std::move(series)) {}
  std::size_t size() const override { return series_.size(); }
  void get(std::size_t i, Value& out) const override { out = Value(series_[i]); }
  std::optional<Value::Kind> one_kind() const override { return Value::Kind::real; }
  std::string rule() const override { return series_.text(); }

 private:
  Series series_;
};

void require_finite(Series::Rule rule, std::initializer_list<double> numbers) {
  for (const double number : numbers) {
    if (std::isfinite(number)) continue;
    throw ConfigurationError(fmt::format("{} was given {}; give finite numbers",
                                         k_rules[static_cast<std::size_t>(rule)], base::shortest(number)));
  }
}

void require_count(Series::Rule rule, std::size_t count) {
  if (count > 0) return;
  throw ConfigurationError(fmt::format("{} needs a count of at least one", k_rules[static_cast<std::size_t>(rule)]));
}

/// How many steps lead from start to stop. Throws where none does.
double steps_between(Series::Rule rule, double start, double stop, double step) {
  require_finite(rule, {start, stop, step});
  const double between = (stop - start) / step;
  if (step != 0 && between >= 0 && between < k_most) return between;
  throw ConfigurationError(fmt::format("{} cannot go from {} to {} in steps of {}; give a step that leads there",
                                       k_rules[static_cast<std::size_t>(rule)], base::shortest(start),
                                       base::shortest(stop), base::shortest(step)));
}

}  // namespace

double Series::operator[](std::size_t i) const {
  if (rule_ == Rule::arange || rule_ == Rule::steps) {
    if (rule_ == Rule::steps && i + 1 == count_ &&
        std::abs(start_ + third_ * static_cast<double>(i) - stop_) <= std::abs(third_) * k_part_of_step) {
      return stop_;
    }
    return start_ + third_ * static_cast<double>(i);
  }
  const double along = count_ == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count_ - 1);
  if (rule_ == Rule::logspace) return std::pow(third_, std::lerp(start_, stop_, along));
  if (rule_ == Rule::linspace) return std::lerp(start_, stop_, along);
  if (i == 0) return start_;
  return i + 1 == count_ ? stop_ : start_ * std::pow(stop_ / start_, along);
}

std::string Series::text() const {
  std::string text = fmt::format("{}({}, {}, ", k_rules[static_cast<std::size_t>(rule_)], base::shortest(start_),
                                 base::shortest(stop_));
  if (rule_ == Rule::arange || rule_ == Rule::steps) {
    text += base::shortest(third_);
  } else {
    text += std::to_string(count_);
    if (rule_ == Rule::logspace && third_ != 10) text += ", base=" + base::shortest(third_);
  }
  return text + ")";
}

Series::operator std::vector<double>() const {
  std::vector<double> values(count_);
  for (std::size_t i = 0; i < count_; ++i) values[i] = (*this)[i];
  return values;
}

std::shared_ptr<const ParameterValues> Series::values() const { return std::make_shared<const SeriesValues>(*this); }

Series linspace(double start, double stop, std::size_t count, std::string_view unit) {
  require_count(Series::Rule::linspace, count);
  require_finite(Series::Rule::linspace, {start, stop});
  return {Series::Rule::linspace, start, stop, 0, count, unit};
}

Series logspace(double start, double stop, std::size_t count, double base, std::string_view unit) {
  require_count(Series::Rule::logspace, count);
  require_finite(Series::Rule::logspace, {start, stop, base});
  if (base <= 0 || base == 1) {
    throw ConfigurationError(
        fmt::format("{} is the base of no logarithm; give one above zero other than 1", base::shortest(base)));
  }
  return {Series::Rule::logspace, start, stop, base, count, unit};
}

Series geomspace(double start, double stop, std::size_t count, std::string_view unit) {
  require_count(Series::Rule::geomspace, count);
  require_finite(Series::Rule::geomspace, {start, stop});
  if (start == 0 || stop == 0 || (start < 0) != (stop < 0)) {
    throw ConfigurationError(fmt::format("no multiple leads from {} to {}; give two ends of one sign, none zero",
                                         base::shortest(start), base::shortest(stop)));
  }
  return {Series::Rule::geomspace, start, stop, 0, count, unit};
}

Series arange(double start, double stop, double step, std::string_view unit) {
  const double count = std::ceil(steps_between(Series::Rule::arange, start, stop, step));
  require_count(Series::Rule::arange, static_cast<std::size_t>(count));
  return {Series::Rule::arange, start, stop, step, static_cast<std::size_t>(count), unit};
}

Series steps(double start, double stop, double step, std::string_view unit) {
  const double between = steps_between(Series::Rule::steps, start, stop, step);
  return {Series::Rule::steps, start, stop, step, static_cast<std::size_t>(between + k_part_of_step) + 1, unit};
}

}  // namespace v1
}  // namespace wheatstone
