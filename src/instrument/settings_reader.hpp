#pragma once
// How an instrument is set, asked for by its profile's table.

#include <string>
#include <vector>
#include <wheatstone/instrument.hpp>

#include "instrument/conversation.hpp"

namespace wheatstone::instrument {

/// One query of a setting: all channels at once where the command takes a list of them.
struct SettingQuery {
  const profile::Command* command = nullptr;
  std::vector<int> channels = {};  ///< in the order of the answers; empty for the whole instrument
  std::string text = {};           ///< "VOLT? (@1,2,3)"
};

/// The queries of all settings of a model, in the table's order.
[[nodiscard]] std::vector<SettingQuery> setting_queries(const profile::CommandTable& table);

/// Appends what `answer` says to that query. False, and nothing is appended, where it is no answer to it.
[[nodiscard]] bool append_settings(std::vector<Setting>& out, const SettingQuery& query, std::string_view answer);

/// As Instrument::settings().
[[nodiscard]] std::vector<Setting> read_settings(Conversation& talk, Duration within);

}  // namespace wheatstone::instrument
