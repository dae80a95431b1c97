#include "simulation/node_trace.hpp"

#include <array>
#include <cmath>

namespace wheatstone::simulation {
namespace {

// Gauss-Legendre, five points: exact up to the ninth degree, so a slice may hold a piece of an exponential.
constexpr std::array<double, 5> k_abscissas = {-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                               0.9061798459386640};
constexpr std::array<double, 5> k_weights = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                             0.4786286704993665, 0.2369268850561891};

double integral(std::int64_t from, std::int64_t to, const auto& value) {
  const double middle = 0.5 * static_cast<double>(to - from);
  double sum = 0;
  for (std::size_t i = 0; i < k_abscissas.size(); ++i) {
    sum += k_weights[i] * value(from + static_cast<std::int64_t>(middle * (1 + k_abscissas[i])));
  }
  return sum * middle;
}

}  // namespace

const NodeState& NodeTrace::state_at(std::int64_t instant) const {
  const auto after = first_state_after(states_, instant);
  return after == states_.begin() ? states_.front() : *std::prev(after);
}

double NodeTrace::voltage(std::int64_t instant) const { return state_at(instant).voltage(instant); }

double NodeTrace::line_current(std::int64_t instant) const { return state_at(instant).solve(instant).line_current; }

double NodeTrace::load_current(std::size_t load, std::int64_t instant) const {
  return state_at(instant).solve(instant).load_current[load];
}

template <class Piece>
void NodeTrace::for_each_piece(std::int64_t from, std::int64_t to, Piece piece) const {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const NodeState& state = states_[i];
    const std::int64_t first = i == 0 ? from : std::max(from, state.since);
    const std::int64_t last = i + 1 < states_.size() ? std::min(to, states_[i + 1].since) : to;
    const std::int64_t settled = state.settled();
    for (std::int64_t begin = first; begin < last;) {
      std::int64_t end = std::min(last, state.next_edge(begin).value_or(last));
      const bool still = begin >= settled;
      if (!still) end = std::min(end, settled);
      if (!piece(state, begin, end, still)) return;
      begin = end;
    }
  }
}

template <class Quantity>
double NodeTrace::mean(std::int64_t from, std::int64_t to, Quantity quantity) const {
  if (to <= from) return quantity(state_at(from), from);
  double sum = 0;
  for_each_piece(from, to, [&](const NodeState& state, std::int64_t begin, std::int64_t end, bool still) {
    const auto value = [&](std::int64_t at) { return quantity(state, at); };
    if (still) {
      sum += value(begin) * static_cast<double>(end - begin);
      return true;
    }
    constexpr int k_slices = 16;
    const double span = static_cast<double>(end - begin) / (k_slices * k_slices);
    for (int slice = 0; slice < k_slices; ++slice) {
      // Slices grow quadratically: most happens at the start of a curve.
      sum += integral(begin + static_cast<std::int64_t>(span * slice * slice),
                      begin + static_cast<std::int64_t>(span * (slice + 1) * (slice + 1)), value);
    }
    return true;
  });
  return sum / static_cast<double>(to - from);
}

double NodeTrace::mean_voltage(std::int64_t from, std::int64_t to) const {
  return mean(from, to, [](const NodeState& state, std::int64_t at) { return state.voltage(at); });
}

double NodeTrace::mean_line_current(std::int64_t from, std::int64_t to) const {
  return mean(from, to, [](const NodeState& state, std::int64_t at) { return state.solve(at).line_current; });
}

void NodeTrace::sample(double from, double step, std::span<float> volts) const {
  std::size_t next = 0;
  const auto instant = [&](std::size_t i) { return from + step * static_cast<double>(i); };
  const auto last = static_cast<std::int64_t>(instant(volts.size())) + 1;
  for_each_piece(
      static_cast<std::int64_t>(from), last,
      [&](const NodeState& state, std::int64_t begin, std::int64_t end, bool still) {
        const auto value = [&](std::size_t i) {
          return state.voltage(std::clamp(static_cast<std::int64_t>(instant(i)), begin, end - 1));
        };
        const double behind = (static_cast<double>(end) - from) / step;
        const std::size_t stop = std::min(volts.size(), static_cast<std::size_t>(std::ceil(std::max(behind, 0.0))));
        if (still && next < stop) {
          std::fill(volts.begin() + static_cast<std::ptrdiff_t>(next),
                    volts.begin() + static_cast<std::ptrdiff_t>(stop), static_cast<float>(value(next)));
          next = stop;
        }
        constexpr std::size_t k_stride =
            16;  // between two of these a curve is straight: a record has thousands of samples
        while (next < stop) {
          const std::size_t length = std::min(k_stride, stop - next);
          const double a = value(next);
          const double slope = length > 1 ? (value(next + length - 1) - a) / static_cast<double>(length - 1) : 0;
          for (std::size_t i = 0; i < length; ++i)
            volts[next + i] = static_cast<float>(a + slope * static_cast<double>(i));
          next += length;
        }
        return next < volts.size();
      });
}

std::optional<std::int64_t> NodeTrace::crossing(std::int64_t from, std::int64_t to, double level, bool upwards) const {
  std::optional<std::int64_t> found;
  const auto beyond = [&](double volts) { return upwards ? volts >= level : volts <= level; };
  bool was_beyond = true;
  bool first = true;
  std::int64_t before = from;
  const auto look = [&](const NodeState& state, std::int64_t at) {
    const bool is_beyond = beyond(state.voltage(at));
    if (!first && is_beyond && !was_beyond) {
      std::int64_t low = before;
      std::int64_t high = at;
      while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (beyond(voltage(middle)) ? high : low) = middle;
      }
      found = high;
      return false;
    }
    first = false;
    was_beyond = is_beyond;
    before = at;
    return true;
  };
  for_each_piece(from, to, [&](const NodeState& state, std::int64_t begin, std::int64_t end, bool still) {
    if (still) return look(state, begin);
    // Curves of microseconds and of tens of milliseconds begin together, so the looks get sparser on the way.
    std::int64_t stride = 2'000;
    for (std::int64_t at = begin; at < end; at += stride, stride += stride / 4) {
      if (!look(state, at)) return false;
    }
    return look(state, end - 1);
  });
  return found;
}

}  // namespace wheatstone::simulation
