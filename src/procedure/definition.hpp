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
};

struct SettleText {
  Duration time = {};
  std::optional<PlacedText> band = {};
  StableOptions options = {};
};

struct ParameterText {
  PlacedText name = {};
  ValuesText values = {};
  std::optional<PlacedText> unit = {};
  std::string notes = {};
  SettleText settle = {};
};

/// `target: value`, in set, setup and teardown.
struct SetText {
  PlacedText target = {};
  PlacedText value = {};
};

/// One of setup and teardown.
struct StepText {
  enum class Kind : std::uint8_t { set, wait, action } kind = Kind::set;
  SetText set = {};  ///< of an action, its target
  Duration wait = {};
};

/// How often a column is read, and what becomes of errors; what is unset is as for all columns.
struct AttemptsText {
  std::optional<std::uint32_t> samples = {};
  std::optional<std::uint32_t> retries = {};
  std::optional<Duration> backoff = {};
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
  std::vector<PlacedText> constraints = {};
  std::vector<StepText> setup = {};
  std::vector<SetText> set = {};
  std::vector<ReadText> read = {};
  std::vector<DeriveText> derive = {};
  std::optional<PlacedText> until = {};
  std::vector<LimitText> limits = {};
  std::vector<StepText> teardown = {};
  AttemptsText attempts = {};  ///< of all columns
  RunOptions run = {};         ///< order, repeat, times
  std::string store = {};
};

/// Reads a procedure. `file` names it in errors, and its folder is where relative paths count from. Throws
/// ConfigurationError: "iv.yaml:12:5: what is wrong".
[[nodiscard]] Definition read_definition(std::string_view yaml, const std::filesystem::path& file);

}  // namespace wheatstone::procedure
