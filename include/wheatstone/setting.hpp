#pragma once
// How an instrument is set, read from it and put back.

#include <cstddef>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

/// One setting of an instrument as it answered: voltage of channel 1 is 1.5.
struct Setting {
  std::string name = {};  ///< of the command in its profile: "voltage", "voltage_dc.range"
  int channel = 0;        ///< 0 where it belongs to the whole instrument
  Value value = {};       ///< double, int64, bool or text; text for what is no finite number ("INF")
};

/// How settings are put back. Fields are only ever appended.
struct RestoreOptions {
  /// Whether what was on is switched on again, when all else is set. Without it, it stays off.
  bool outputs = false;
  /// How long one instrument may take.
  Duration within = std::chrono::seconds(30);
};

/// A setting that was left as it is, and why.
struct SettingLeft {
  std::string alias = {};
  Setting wanted = {};
  std::string reason = {};
};

/// What putting settings back did.
struct RestoreReport {
  std::vector<SettingLeft> left = {};  ///< what the model has no command for, and switches that stay off
  std::size_t sent = 0;                ///< commands; 0 where everything was as wanted already
};

}  // namespace v1
}  // namespace wheatstone
