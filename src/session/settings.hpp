#pragma once
// How the instruments of a run are set, for run.json.

#include <functional>
#include <string>
#include <vector>
#include <wheatstone/instrument.hpp>

#include "io/document.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// What the instruments answered when they were asked how they are set.
struct SettingsReport {
  io::Document settings = io::Document::object();  ///< by alias: an object, or the sentence that says why there is none
  std::vector<std::string> not_read = {};          ///< those sentences
};

using SettingsReader = std::function<SettingsReport()>;

/// Settings as run.json keeps them: by name, those of channels in an object by channel.
[[nodiscard]] io::Document document_of_settings(const std::vector<Setting>& settings);

/// Asks each. One that does not answer costs two seconds and is no reason for a run to fail; Interrupted is thrown.
[[nodiscard]] SettingsReport read_settings(const std::vector<Instrument*>& instruments);

/// Writes an event for each that did not answer.
void tell_of(const SettingsReport& report, storage::RunWriter& writer);

/// Asks at the end of a run, into its `outcome`. Nothing that goes wrong here ends a run; it is an event.
void add_settings_after(const SettingsReader& read, storage::RunWriter& writer, io::Document& outcome);

}  // namespace wheatstone::session
