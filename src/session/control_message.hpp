#pragma once
// What goes over a run's control socket: docs/formats/control.md.

#include <optional>
#include <string>
#include <string_view>
#include <wheatstone/control.hpp>
#include <wheatstone/progress.hpp>

#include "io/document.hpp"

namespace wheatstone::session {

inline constexpr std::int64_t k_control_version = 1;

/// A question: an action, or none for progress alone.
struct ControlRequest {
  std::optional<Action> action;
  io::Document id;    ///< the asker's own, given back with the answer; null where there was none
  std::string error;  ///< what is wrong with it, for the asker; empty where it was understood
};

/// Reads one line.
[[nodiscard]] ControlRequest parse_control_request(std::string_view line);
[[nodiscard]] std::string control_request(std::optional<Action> action);

/// The two answers, without their line's end; the first REQUIRES: the request was understood.
[[nodiscard]] std::string control_answer(const ControlRequest& request, std::string_view run, const Progress& progress);
[[nodiscard]] std::string control_refusal(const io::Document& id, std::string_view sentence);

/// What an answer says. Throws ConfigurationError with the run's sentence where it refused, DataError where it is no
/// answer of a version that is known.
[[nodiscard]] Progress parse_control_answer(std::string_view line);

}  // namespace wheatstone::session
