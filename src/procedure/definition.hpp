#pragma once
// What a procedure's file says, key by key; nothing of it is bound to an instrument yet.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/acquisition.hpp>
#include <wheatstone/duration.hpp>
#include <wheatstone/session.hpp>

#include "bench/bench_file.hpp"
#include "procedure/placed_text.hpp"

namespace wheatstone::procedure {

/// A list as it was typed, or a rule such as 0:5:0.1.
struct ValuesText {
  PlacedText rule = {};
  std::vector<PlacedText> list = {};
  bool is_list = false;
  /// Where it begins.
  [[nodiscard]] const PlacedText& place() const { return is_list ? list.front() : rule; }
};

struct SettleText {
  Duration time = {};
  std::optional<PlacedText> band = {};
  StableOptions options = {};
};

struct ParameterText {
  PlacedText name = {};
  std::optional<ValuesText> values = {};  ///< none: the order brings them
  std::optional<PlacedText> unit = {};
  std::string notes = {};
  SettleText settle = {};
};

/// `order: {refine: voltage, ...}` or bisect.
struct AdaptiveText {
  bool bisects = false;
  PlacedText parameter = {};
  PlacedText of = {};
  PlacedText first = {};
  PlacedText last = {};
  std::optional<std::size_t> points = {};    ///< of a refinement
  PlacedText threshold = {};                 ///< of a bisection
  std::optional<PlacedText> tolerance = {};  ///< of a bisection
};

/// `points`: each has a value for each of these parameters.
struct PointsText {
  std::vector<PlacedText> names = {};
  std::vector<std::vector<PlacedText>> columns = {};  ///< values by parameter, then by point
};

/// `target: value`, in set, setup and teardown.
struct SetText {
  PlacedText target = {};
  PlacedText value = {};
};

/// One of setup, teardown, a task or a level.
struct StepText {
  enum class Kind : std::uint8_t { set, wait, action, loop } kind = Kind::set;
  SetText set = {};  ///< of an action, its target
  Duration wait = {};
  PlacedText variable = {};  ///< of a loop, and so are those below
  ValuesText values = {};
  std::vector<StepText> steps = {};
};

/// Steps that are taken beside the acquisition.
struct TaskText {
  PlacedText name = {};
  std::vector<StepText> setup = {};
  std::vector<StepText> steps = {};
  std::vector<StepText> teardown = {};
  std::optional<Duration> every = {};        ///< between two rounds
  std::optional<std::uint64_t> repeat = {};  ///< rounds; none: until the end
};

/// Steps before or after all points that share a parameter's value.
struct LevelText {
  bool before = true;
  PlacedText parameter = {};
  std::vector<StepText> steps = {};
};

/// A name and what is read for it.
struct SourceText {
  PlacedText name = {};
  PlacedText source = {};
};

/// What is read, and when it holds.
struct ConditionText {
  std::vector<SourceText> read = {};
  PlacedText when = {};
};

struct SuspensionText {
  ConditionText condition = {};
  std::string reason = {};
  std::optional<Duration> every = {};
};

/// What calls a column in place of an interval: an instrument's request for service, or a condition.
struct TriggerText {
  std::optional<PlacedText> instrument = {};
  std::optional<ConditionText> condition = {};
  std::optional<Duration> poll = {};
};

/// How often a column is read, and what becomes of errors; what is unset is as for all columns.
struct AttemptsText {
  std::optional<std::uint32_t> samples = {};
  std::optional<std::uint32_t> retries = {};
  std::optional<Duration> backoff = {};
  std::vector<std::string> retry_on = {};  ///< names of errors; empty: as for all columns
  std::optional<OnError> on_error = {};
  std::optional<Duration> interval = {};

  friend bool operator==(const AttemptsText&, const AttemptsText&) = default;
};

/// What a multimeter's source is set to before the first point.
struct MeterText {
  std::string setting = {};  ///< "nplc"
  PlacedText value = {};
};

struct ReadText {
  PlacedText column = {};
  PlacedText source = {};
  std::optional<PlacedText> unit = {};
  std::vector<MeterText> meter = {};
  AttemptsText attempts = {};
  std::optional<TriggerText> trigger = {};
};

struct DeriveText {
  PlacedText column = {};
  PlacedText expression = {};
  std::optional<PlacedText> unit = {};
};

struct LimitText {
  PlacedText target = {};
  std::optional<PlacedText> minimum = {};
  std::optional<PlacedText> maximum = {};
};

/// All of it. A plain value.
struct Definition {
  std::string name = {};
  std::string description = {};
  std::string notes = {};
  std::vector<std::string> tags = {};
  std::optional<PlacedText> bench_path = {};
  std::optional<bench::BenchFile> bench = {};  ///< written in place
  std::vector<ParameterText> parameters = {};
  std::optional<PointsText> points = {};
  std::optional<AdaptiveText> adaptive = {};
  std::vector<PlacedText> constraints = {};
  std::vector<StepText> setup = {};
  std::vector<SetText> set = {};
  std::vector<ReadText> read = {};
  std::vector<DeriveText> derive = {};
  std::optional<PlacedText> until = {};
  std::vector<LimitText> limits = {};
  std::vector<StepText> teardown = {};
  std::vector<LevelText> levels = {};
  std::vector<TaskText> tasks = {};
  std::vector<ReadText> baseline = {};
  std::vector<SuspensionText> suspensions = {};
  AttemptsText attempts = {};  ///< of all columns
  RunOptions run = {};         ///< order, repeat, times
  OnClose on_close = OnClose::off;
  bool allow_long = false;  ///< more points than are likely to be meant
  std::string store = {};

  [[nodiscard]] bool is_timed() const { return run.duration || run.count; }
};

/// Reads a procedure. `file` names it in errors, and its folder is where relative paths count from. Throws
/// ConfigurationError: "iv.yaml:12:5: what is wrong".
[[nodiscard]] Definition read_definition(std::string_view yaml, const std::filesystem::path& file);

}  // namespace wheatstone::procedure
