#pragma once
// Test code: values of parameters, and what a plan made of them.

#include <functional>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace wheatstone::plan {

using Visited = std::vector<std::vector<double>>;

inline Source listed(std::vector<double> values) { return detail::listed_values<double>(values); }

/// `size` values that tell parameter and position: 100 * parameter + position.
inline std::vector<Source> numbered(const std::vector<std::size_t>& sizes) {
  std::vector<Source> sources;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    std::vector<double> values;
    for (std::size_t i = 0; i < sizes[k]; ++i) values.push_back(static_cast<double>(100 * k + i));
    sources.push_back(listed(std::move(values)));
  }
  return sources;
}

/// Numbers from `first` on, one a pull, `count` of them; counts how many were pulled.
class FakeStream final : public ParameterValues {
 public:
  explicit FakeStream(std::size_t count, double first = 0, std::size_t throws_at = static_cast<std::size_t>(-1))
      : count_(count), first_(first), throws_at_(throws_at) {}
  Form form() const override { return Form::streamed; }
  std::size_t size() const override { return pulled_; }
  bool has(std::size_t i) const override {
    for (; pulled_ <= i && pulled_ < count_; ++pulled_) {
      if (pulled_ == throws_at_) throw std::runtime_error("the stream ran dry");
    }
    return i < pulled_;
  }
  void get(std::size_t i, Value& out) const override { out = Value(first_ + static_cast<double>(i)); }

 private:
  std::size_t count_;
  double first_;
  std::size_t throws_at_;
  mutable std::size_t pulled_ = 0;
};

/// Values that a function makes of the outer ones.
class FakeDependent final : public ParameterValues {
 public:
  explicit FakeDependent(std::function<std::vector<double>(const Point&)> make) : make_(std::move(make)) {}
  Form form() const override { return Form::dependent; }
  std::size_t size() const override { return 0; }
  void get(std::size_t, Value&) const override {}
  Source at(const Point& outer) const override { return listed(make_(outer)); }

 private:
  std::function<std::vector<double>(const Point&)> make_;
};

/// A parameter without values.
class FakeOpen final : public ParameterValues {
 public:
  Form form() const override { return Form::open; }
  std::size_t size() const override { return 0; }
  void get(std::size_t, Value&) const override {}
};

inline double number(const Point& point, std::string_view name) { return *point[name].get_if<double>(); }

inline Place place_for(std::size_t parameters) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < parameters; ++k) names.push_back(std::string(1, static_cast<char>('a' + k)));
  return empty_place(std::move(names));
}

inline std::vector<double> numbers_of(const Place& place) {
  std::vector<double> numbers;
  for (const Value& value : place.values) numbers.push_back(*value.get_if<double>());
  return numbers;
}

/// All points from here to the end, at most `most`.
inline Visited walk(Plan& plan, Place& place, std::size_t most = 100'000) {
  Visited visited;
  while (visited.size() < most && plan.next(place)) visited.push_back(numbers_of(place));
  return visited;
}

}  // namespace wheatstone::plan
