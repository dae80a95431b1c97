#include <fmt/core.h>

#include <cmath>
#include <numeric>
#include <wheatstone/adaptive.hpp>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "plan/curve_search.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

class Halving final : public Bisection {
 public:
  Halving(std::string parameter, BisectOptions options)
      : parameter_(std::move(parameter)), options_(std::move(options)) {
    plan::check_search("bisect", parameter_, options_.of, options_.between);
    if (!std::isfinite(options_.threshold)) throw ConfigurationError("bisect needs a finite threshold");
    if (options_.tolerance > 0 && std::isfinite(options_.tolerance)) return;
    throw ConfigurationError(
        fmt::format("bisect was given a tolerance of {}; give one above zero", base::shortest(options_.tolerance)));
  }

  void begin(const std::vector<std::string>& parameters) override {
    plan::require_only("bisect", parameter_, parameters);
    told_ = 0;
    equal_is_above_ = false;
  }

  std::optional<Row> ask() override {
    if (told_ == 0) return at(options_.between.first);
    if (told_ == 1) return at(options_.between.second);
    if (near_.is_above == far_.is_above) {
      throw MeasurementError(fmt::format(
          "'{}' is {} at {} = {} and {} at {}, both on one side of the threshold {}; give ends on either side",
          options_.of, base::shortest(near_.y), parameter_, base::shortest(near_.x), base::shortest(far_.y),
          base::shortest(far_.x), base::shortest(options_.threshold)));
    }
    if (crossing()) return std::nullopt;
    return at(middle());
  }

  void tell(const Point& point, const Row& row) override {
    const double y = plan::number_in(point, row, options_.of);
    const double x = *point[parameter_].get_if<double>();
    if (std::isnan(y)) {
      throw DataError(fmt::format("'{}' is no number at {} = {}, so that it is on no side of the threshold",
                                  options_.of, parameter_, base::shortest(x)));
    }
    if (told_ == 1 && (near_.y > options_.threshold) == (y > options_.threshold)) {  // an end may be at the threshold
      equal_is_above_ = true;
      near_.is_above = is_above(near_.y);
    }
    const Side side{x, y, is_above(y)};
    if (told_ == 0 || (told_ > 1 && side.is_above == near_.is_above)) {
      near_ = side;
    } else {
      far_ = side;
    }
    ++told_;
  }

  std::optional<double> crossing() const override {
    if (told_ < 2 || near_.is_above == far_.is_above) return std::nullopt;
    const double middle_x = middle();
    const bool is_narrow = std::abs(far_.x - near_.x) <= options_.tolerance;
    if (!is_narrow && middle_x != near_.x && middle_x != far_.x) return std::nullopt;
    return middle_x;
  }

  std::string along() const override { return parameter_; }

  std::string description() const override {
    return fmt::format("{}, threshold={}, tolerance={})",
                       plan::search_text("bisect", parameter_, options_.of, options_.between),
                       base::shortest(options_.threshold), base::shortest(options_.tolerance));
  }

 private:
  struct Side {
    double x = 0;
    double y = 0;
    bool is_above = false;
  };

  [[nodiscard]] std::optional<Row> at(double x) const { return Row{{parameter_, x}}; }
  [[nodiscard]] bool is_above(double y) const {
    return y > options_.threshold || (equal_is_above_ && y == options_.threshold);
  }
  [[nodiscard]] double middle() const { return std::midpoint(near_.x, far_.x); }

  std::string parameter_;
  BisectOptions options_;
  std::uint64_t told_ = 0;
  bool equal_is_above_ = false;
  Side near_;  ///< the side of the first end
  Side far_;
};

}  // namespace

std::shared_ptr<Bisection> bisect(std::string parameter, BisectOptions options) {
  return std::make_shared<Halving>(std::move(parameter), std::move(options));
}

}  // namespace v1
}  // namespace wheatstone
