#include "session/settling.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <wheatstone/error.hpp>

#include "base/number.hpp"
#include "base/text.hpp"
#include "plan/text.hpp"
#include "plan/user_call.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

void check(const StableOptions& options) {
  if (options.over.nanoseconds() <= 0 || options.limit <= options.over) {
    throw ConfigurationError(
        fmt::format("stable over {:.9g} s with a limit of {:.9g} s: `over` has to be above zero and the limit longer",
                    options.over.seconds(), options.limit.seconds()));
  }
  if (options.every && options.every->nanoseconds() <= 0) {
    throw ConfigurationError(fmt::format("stable looks every {} s; give a time above zero", options.every->seconds()));
  }
  if (!options.of.empty() && options.reading) {
    throw ConfigurationError(fmt::format("stable takes the result '{}' or a reading of its own, not both", options.of));
  }
}

}  // namespace

Stable stable(double band, std::string_view unit, StableOptions options) {
  if (!(band > 0) || !std::isfinite(band)) {
    throw ConfigurationError(fmt::format("a band of {} is no band; give one above zero", band));
  }
  check(options);
  return {.band = band, .relative = unit == "%", .options = std::move(options)};
}

Stable stable(std::function<bool(const Point&)> condition, StableOptions options) {
  options.reading = [condition = std::move(condition)](const Point& point) { return Value(condition(point)); };
  check(options);
  return {.options = std::move(options)};
}

}  // namespace v1
}  // namespace wheatstone

namespace wheatstone::session {
namespace {

std::string looked_at(const Stable& stable) {
  if (stable.options.reading) return "its reading";
  return stable.options.of.empty() ? std::string("what the acquisitions return") : "'" + stable.options.of + "'";
}

}  // namespace

bool StableBand::add(std::int64_t at, const std::vector<double>& numbers) {
  const bool usable = !numbers.empty() && std::ranges::all_of(numbers, [](double n) { return std::isfinite(n); });
  if (!usable || (!window_.empty() && window_.back().numbers.size() != numbers.size())) window_.clear();
  if (!usable) return false;
  window_.push_back({at, numbers});
  while (window_.size() > 1 && window_[1].at <= at - over_) window_.pop_front();
  if (window_.front().at > at - over_) return false;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!within_band(i)) return false;
  }
  return true;
}

bool StableBand::within_band(std::size_t number) const {
  double least = window_.front().numbers[number], most = least, sum = 0;
  for (const Reading& reading : window_) {
    least = std::min(least, reading.numbers[number]);
    most = std::max(most, reading.numbers[number]);
    sum += reading.numbers[number];
  }
  const double mean = sum / static_cast<double>(window_.size());
  return most - least <= (relative_ ? std::abs(mean) * band_ / 100 : band_);
}

Settling::Settling(const RunRequest& request, PointMeasurement& measurement, RunControl& control)
    : request_(request), measurement_(measurement), control_(control), clock_(*request.clock) {
  for (const ParameterDefinition& parameter : request.parameters) {
    if (parameter.options.settle.nanoseconds() > 0 || parameter.options.settle.until()) empty_ = false;
  }
}

bool Settling::wait(Point::Data& point) {
  std::int64_t longest = 0;
  for (const std::size_t k : point.changed) {
    longest = std::max(longest, request_.parameters[k].options.settle.nanoseconds());
  }
  if (longest > 0 && !wait_for(std::chrono::nanoseconds(longest))) return false;
  for (const std::size_t k : point.changed) {
    const ParameterDefinition& parameter = request_.parameters[k];
    const std::optional<Stable>& until = parameter.options.settle.until();
    if (until && !wait_until_stable(parameter, *until, point)) return false;
  }
  return true;
}

bool Settling::wait_for(Duration time) {
  return clock_.wait_until(clock_.monotonic() + time.nanoseconds(), control_.token()) == base::Clock::Wake::deadline;
}

bool Settling::wait_until_stable(const ParameterDefinition& parameter, const Stable& stable, Point::Data& point) {
  const StableOptions& options = stable.options;
  const Duration every = options.every.value_or(
      std::chrono::nanoseconds(std::max<std::int64_t>(options.over.nanoseconds() / 10, 1'000'000)));
  StableBand band(stable.band, stable.relative, options.over.nanoseconds());
  const std::int64_t began = clock_.monotonic();
  for (;;) {
    const std::vector<double> numbers = look(parameter, stable, point);
    const std::int64_t now = clock_.monotonic();
    if (band.add(now, numbers)) return true;
    if (now - began >= options.limit.nanoseconds()) {
      std::string last;
      for (const double number : numbers) last += (last.empty() ? "" : ", ") + base::shortest(number);
      const TimeoutError cause(
          fmt::format("{} did not settle within {:.9g} s (last: {}); allow more time or a wider band",
                      looked_at(stable), options.limit.seconds(), last.empty() ? "nothing that is a number" : last));
      const std::size_t k = static_cast<std::size_t>(&parameter - request_.parameters.data());
      MeasurementError error(fmt::format("after {} = {} at point {}, {}; rows kept: {}", parameter.name,
                                         plan::text_of(point.values[k]), point.index, cause.what(), point.index));
      error.set_cause(std::make_exception_ptr(cause));
      throw error;
    }
    if (!wait_for(every)) return false;
  }
}

std::vector<double> Settling::look(const ParameterDefinition& parameter, const Stable& stable, Point::Data& point) {
  if (stable.options.reading) {
    const auto what = [&] { return fmt::format("the reading that '{}' settles by", parameter.name); };
    const Value value = plan::call_user(what, point, [&] { return stable.options.reading(Point(point)); });
    if (const bool* holds = value.get_if<bool>()) return *holds ? std::vector<double>{0} : std::vector<double>{};
    const auto number = base::number_of(value);
    return number ? std::vector<double>{*number} : std::vector<double>{};
  }
  const auto [results, incomplete] = measurement_.look(point);
  std::vector<double> numbers;
  for (const Row::Entry& entry : results) {
    if (!stable.options.of.empty() && entry.key != stable.options.of) continue;
    if (const auto number = base::number_of(entry.value)) numbers.push_back(*number);
  }
  if (!stable.options.of.empty() && results.find(stable.options.of) == nullptr && !incomplete) {
    std::vector<std::string> keys;
    for (const Row::Entry& entry : results) keys.push_back(entry.key);
    throw ConfigurationError(fmt::format(
        "parameter '{}' settles by the result '{}', which no acquisition returns; {}", parameter.name,
        stable.options.of, keys.empty() ? "they return nothing" : "they return " + base::listed(keys, "and")));
  }
  return numbers;
}

}  // namespace wheatstone::session
