#pragma once
// Pieces that the readers of a procedure's keys share. For the .cpp files of this folder only: yaml-cpp is heavy.

#include <string>
#include <string_view>

#include "procedure/definition.hpp"
#include "profile/yaml_entry.hpp"

namespace wheatstone::procedure {

/// The entry's text and place. Throws where it is no text.
[[nodiscard]] PlacedText placed(const profile::YamlEntry& entry, std::string_view file);
/// "10 ms", or a number of seconds. Throws where it is no time, or below zero.
[[nodiscard]] Duration duration_of(const PlacedText& text);
/// A whole number of at least `least`.
[[nodiscard]] std::uint64_t count_of(const profile::YamlEntry& entry, std::uint64_t least);

[[nodiscard]] std::vector<ParameterText> read_sweep(const profile::YamlEntry& sweep, std::string_view file);
[[nodiscard]] std::vector<SetText> read_set(const profile::YamlEntry& set, std::string_view file);
[[nodiscard]] std::vector<StepText> read_steps(const profile::YamlEntry& steps, std::string_view file);
[[nodiscard]] std::vector<ReadText> read_columns(const profile::YamlEntry& read, std::string_view file);
[[nodiscard]] std::vector<DeriveText> read_derive(const profile::YamlEntry& derive, std::string_view file);
[[nodiscard]] std::vector<LimitText> read_limits(const profile::YamlEntry& limits, std::string_view file);
/// The keys samples, retries, backoff and on_error of a mapping that has others too.
[[nodiscard]] AttemptsText read_attempts(const profile::YamlEntry& entry, std::string_view file);

}  // namespace wheatstone::procedure
