#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <wheatstone/adaptive.hpp>
#include <wheatstone/error.hpp>

#include "plan/curve_search.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr std::size_t k_even_points = 5;
constexpr double k_share_of_width = 0.05;  // what the width of an interval weighs beside what it misses
constexpr double k_narrowest = 1e-9;       // of the whole

class Refinement final : public AdaptivePlan {
 public:
  Refinement(std::string parameter, RefineOptions options)
      : parameter_(std::move(parameter)), options_(std::move(options)) {
    plan::check_search("refine", parameter_, options_.of, options_.between);
    if (options_.points < 2) throw ConfigurationError("refine needs at least two points, for both ends");
  }

  void begin(const std::vector<std::string>& parameters) override {
    plan::require_only("refine", parameter_, parameters);
    curve_.clear();
  }

  std::optional<Row> ask() override {
    if (curve_.size() >= options_.points) return std::nullopt;
    const std::size_t even = std::min(k_even_points, options_.points);
    if (curve_.size() < even) {
      const double along = static_cast<double>(curve_.size()) / static_cast<double>(even - 1);
      return Row{{parameter_, std::lerp(options_.between.first, options_.between.second, along)}};
    }
    const std::optional<double> next = middle_of_worst();
    if (!next) return std::nullopt;
    return Row{{parameter_, *next}};
  }

  void tell(const Point& point, const Row& row) override {
    const Sample sample{*point[parameter_].get_if<double>(), plan::number_in(point, row, options_.of)};
    curve_.insert(std::ranges::upper_bound(curve_, sample.x, {}, &Sample::x), sample);
  }

  std::string along() const override { return parameter_; }

  std::string description() const override {
    return fmt::format("{}, points={})", plan::search_text("refine", parameter_, options_.of, options_.between),
                       options_.points);
  }

 private:
  struct Sample {
    double x;
    double y;
  };

  [[nodiscard]] double height() const {
    double low = INFINITY;
    double high = -INFINITY;
    for (const Sample& sample : curve_) {
      if (!std::isfinite(sample.y)) continue;
      low = std::min(low, sample.y);
      high = std::max(high, sample.y);
    }
    return high > low ? high - low : 1;
  }

  /// The second divided difference at sample i, times two: the curvature there. 0 where nothing is known.
  [[nodiscard]] double bend(std::size_t i) const {
    if (i == 0 || i + 1 >= curve_.size()) return 0;
    const Sample& a = curve_[i - 1];
    const Sample& b = curve_[i];
    const Sample& c = curve_[i + 1];
    const double bend = 2 * ((c.y - b.y) / (c.x - b.x) - (b.y - a.y) / (b.x - a.x)) / (c.x - a.x);
    return std::isfinite(bend) ? std::abs(bend) : 0;
  }

  [[nodiscard]] std::optional<double> middle_of_worst() const {
    const double width = curve_.back().x - curve_.front().x;
    const double tall = height();
    double worst = 0;
    std::optional<double> middle;
    for (std::size_t i = 0; i + 1 < curve_.size(); ++i) {
      const double gap = curve_[i + 1].x - curve_[i].x;
      const double between = std::midpoint(curve_[i].x, curve_[i + 1].x);
      if (gap < k_narrowest * width || between <= curve_[i].x || between >= curve_[i + 1].x) continue;
      const double missed = gap * gap * std::max(bend(i), bend(i + 1)) / (8 * tall);
      const double weight = missed * std::sqrt(gap / width) + k_share_of_width * gap * gap / (width * width);
      if (weight <= worst) continue;
      worst = weight;
      middle = between;
    }
    return middle;
  }

  std::string parameter_;
  RefineOptions options_;
  std::vector<Sample> curve_;  ///< by x
};

}  // namespace

std::shared_ptr<AdaptivePlan> refine(std::string parameter, RefineOptions options) {
  return std::make_shared<Refinement>(std::move(parameter), std::move(options));
}

}  // namespace v1
}  // namespace wheatstone
