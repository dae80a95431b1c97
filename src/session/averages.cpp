#include "session/averages.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wheatstone::session {

Averages::Column& Averages::column_of(const std::string& key) {
  const auto found = std::ranges::find(columns_, key, &Column::key);
  if (found != columns_.end()) return *found;
  columns_.push_back({.key = key});
  return columns_.back();
}

void Averages::add(const Row& results) {
  for (const Row::Entry& entry : results) {
    Column& column = column_of(entry.key);
    column.last = entry.value;
    double number = 0;
    if (const double* real = entry.value.get_if<double>()) {
      number = *real;
    } else if (const std::int64_t* integer = entry.value.get_if<std::int64_t>()) {
      number = static_cast<double>(*integer);
    } else {
      continue;
    }
    ++column.count;
    const double difference = number - column.mean;
    column.mean += difference / static_cast<double>(column.count);
    column.squares += difference * (number - column.mean);
    column.uncertainty += entry.value.uncertainty();
  }
}

Row Averages::result() const {
  Row row;
  for (const Column& column : columns_) {
    if (column.count == 0) {
      row.push_back({column.key, column.last});
      continue;
    }
    const auto n = static_cast<double>(column.count);
    row.push_back({column.key, Value::measured(column.mean, column.last.unit(), column.uncertainty / n)});
    const double deviation =
        column.count > 1 ? std::sqrt(column.squares / (n - 1)) : std::numeric_limits<double>::quiet_NaN();
    row.push_back({column.key + "_std", Value::measured(deviation, column.last.unit())});
  }
  return row;
}

}  // namespace wheatstone::session
