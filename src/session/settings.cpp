#include "session/settings.hpp"

#include <wheatstone/error.hpp>

#include "session/run_document.hpp"

namespace wheatstone::session {

io::Document document_of_settings(const std::vector<Setting>& settings) {
  io::Document document = io::Document::object();
  for (const Setting& setting : settings) {
    io::Document& named = document[setting.name];
    (setting.channel == 0 ? named : named[std::to_string(setting.channel)]) = document_of_value(setting.value);
  }
  return document;
}

SettingsReport read_settings(const std::vector<Instrument*>& instruments) {
  SettingsReport report;
  for (Instrument* const instrument : instruments) {
    if (!instrument->is_open()) continue;
    try {
      const std::vector<Setting> settings = instrument->settings();
      if (!settings.empty()) report.settings[instrument->alias()] = document_of_settings(settings);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      report.not_read.emplace_back(error.what());
      report.settings[instrument->alias()] = error.what();
    }
  }
  return report;
}

void tell_of(const SettingsReport& report, storage::RunWriter& writer) {
  for (const std::string& sentence : report.not_read)
    writer.event("settings_not_read", io::Document::object({{"text", sentence}}));
}

void add_settings_after(const SettingsReader& read, storage::RunWriter& writer, io::Document& outcome) {
  if (!read) return;
  try {
    SettingsReport after = read();
    tell_of(after, writer);
    if (!after.settings.members().empty()) outcome["settings"]["after"] = std::move(after.settings);
  } catch (const StorageError&) {
    // The log cannot be written: sealing, which comes next, meets the same medium and is heard.
  } catch (const Error& error) {
    tell_of({.not_read = {error.what()}}, writer);
  }
}

}  // namespace wheatstone::session
