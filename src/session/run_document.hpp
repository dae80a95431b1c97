#pragma once
// What run.json says of a run at its start and at its end.

#include <exception>
#include <string>
#include <vector>

#include "io/document.hpp"
#include "session/engine.hpp"

namespace wheatstone::session {

/// Plan, parameters with units and values, acquisitions, tasks, host and versions; merged with the request's details.
[[nodiscard]] io::Document run_document(const RunRequest& request);

/// The error and what went with it, or an empty object.
[[nodiscard]] io::Document outcome_document(const std::exception_ptr& error, const std::vector<std::string>& attached);

/// A scalar as JSON keeps it; other values as their text.
[[nodiscard]] io::Document document_of_value(const Value& value);

/// Which point: "point 3 (v = 1.5, i = 2)".
[[nodiscard]] std::string text_of_place(const Point::Data& point);

}  // namespace wheatstone::session
