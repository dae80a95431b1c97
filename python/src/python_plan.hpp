#pragma once
// The order of a run, as Python gives it.

#include <nanobind/nanobind.h>

#include <functional>
#include <memory>
#include <wheatstone/order.hpp>
#include <wheatstone/session.hpp>

namespace wheatstone::python {

namespace nb = nanobind;

/// From the name of an order, an adaptive plan (of the library, or any object with ask() and tell(point, row)), or a
/// pair (names of the parameters, points as sequences of values; no names: as registered). Throws ConfigurationError
/// for another name, DataError for a value that no cell holds.
[[nodiscard]] Order order_from(nb::handle given, MeasurementSession& session);

/// The condition of run(until=...): a function of the row as a dict; empty for None.
[[nodiscard]] std::function<bool(const Row&)> until_from(nb::object function, bool timestamp_as_seconds,
                                                         MeasurementSession& session);

}  // namespace wheatstone::python
