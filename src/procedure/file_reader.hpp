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

[[nodiscard]] std::optional<PlacedText> find_text(const profile::YamlEntry& entry, const char* key,
                                                  std::string_view file);
[[nodiscard]] std::optional<Duration> find_duration(const profile::YamlEntry& entry, const char* key,
                                                    std::string_view file);
/// A duration above zero.
[[nodiscard]] std::optional<Duration> find_pause(const profile::YamlEntry& entry, const char* key,
                                                 std::string_view file);
/// Throws where the text is no name that expressions can use and tables can have.
void require_name(const PlacedText& name, std::string_view what);
/// Throws where no error has that name.
void require_error_name(const profile::YamlEntry& entry, std::string_view name);

[[nodiscard]] ValuesText read_values(const profile::YamlEntry& entry, std::string_view file);
[[nodiscard]] SetText read_set_point(const profile::YamlEntry& target, const profile::YamlEntry& value,
                                     std::string_view file);
[[nodiscard]] std::vector<ParameterText> read_sweep(const profile::YamlEntry& sweep, std::string_view file);
[[nodiscard]] std::vector<SetText> read_set(const profile::YamlEntry& set, std::string_view file);
[[nodiscard]] std::vector<StepText> read_steps(const profile::YamlEntry& steps, std::string_view file);
[[nodiscard]] std::vector<ReadText> read_columns(const profile::YamlEntry& read, std::string_view file);
[[nodiscard]] std::vector<DeriveText> read_derive(const profile::YamlEntry& derive, std::string_view file);
[[nodiscard]] std::vector<LimitText> read_limits(const profile::YamlEntry& limits, std::string_view file);
[[nodiscard]] PointsText read_points(const profile::YamlEntry& points, const std::vector<ParameterText>& parameters,
                                     std::string_view file);
/// `order: {refine: voltage, of: i, between: [0, 5]}`, or bisect.
[[nodiscard]] AdaptiveText read_adaptive(const profile::YamlEntry& order, std::string_view file);
[[nodiscard]] std::vector<TaskText> read_tasks(const profile::YamlEntry& tasks, std::string_view file);
/// Steps by parameter, of `before` or `after`.
[[nodiscard]] std::vector<LevelText> read_levels(const profile::YamlEntry& levels, bool before, std::string_view file);
[[nodiscard]] std::vector<SuspensionText> read_suspensions(const profile::YamlEntry& entry, std::string_view file);
[[nodiscard]] TriggerText read_trigger(const profile::YamlEntry& entry, std::string_view file);
/// The keys samples, retries, backoff, retry_on and on_error of a mapping that has others too.
[[nodiscard]] AttemptsText read_attempts(const profile::YamlEntry& entry, std::string_view file);

}  // namespace wheatstone::procedure
