#include "bench/restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <exception>

#include "base/text.hpp"
#include "bench/failures.hpp"
#include "instrument/settings_writer.hpp"
#include "io/document.hpp"

namespace wheatstone::bench {
namespace {

Value value_from(const io::Document& document) {
  if (const bool* state = document.get_if<bool>()) return *state;
  if (const std::int64_t* whole = document.get_if<std::int64_t>()) return *whole;
  if (const double* number = document.get_if<double>()) return *number;
  if (const std::string* text = document.get_if<std::string>()) return *text;
  return {};
}

int channel_from(const std::string& key) {
  int channel = 0;
  std::from_chars(key.data(), key.data() + key.size(), channel);
  return channel;
}

std::vector<Setting> settings_from(const io::Document& of_instrument) {
  std::vector<Setting> settings;
  for (const auto& [name, value] : of_instrument.members()) {
    if (!value.is_object()) {
      settings.push_back({name, 0, value_from(value)});
      continue;
    }
    for (const auto& [channel, of_channel] : value.members())
      settings.push_back({name, channel_from(channel), value_from(of_channel)});
  }
  return settings;
}

std::string profile_in(const io::Document& run, std::string_view alias) {
  const io::Document* const instruments = run.find("instruments");
  if (instruments == nullptr || !instruments->is_array()) return {};
  for (const io::Document& instrument : instruments->items()) {
    if (instrument.text({"alias"}) == alias) return instrument.text({"profile"});
  }
  return {};
}

/// An instrument here with what it goes back to.
struct Restored {
  Instrument* instrument;
  KeptSettings kept;
};

class Matching {
 public:
  Matching(const std::vector<Instrument*>& instruments, const Experiment& run)
      : instruments_(instruments), run_(run.folder().filename().string()) {}

  /// Throws ConfigurationError where the instrument is missing here or is another model.
  [[nodiscard]] Instrument& find(const KeptSettings& kept) const {
    std::vector<std::string> names;
    for (Instrument* const instrument : instruments_) {
      if (instrument->alias() == kept.alias) return checked(*instrument, kept);
      names.push_back(instrument->alias());
    }
    refuse(fmt::format("The run {} used an instrument '{}', which is not here; here are {}. Name the instruments to "
                       "restore to leave it out",
                       run_, kept.alias, base::listed(names, "and")),
           kept.alias);
  }

 private:
  [[nodiscard]] Instrument& checked(Instrument& instrument, const KeptSettings& kept) const {
    if (instrument.profile_name() == kept.profile) return instrument;
    refuse(fmt::format("'{}' was a {} in the run {} and is a {} here, whose settings are others; nothing was sent",
                       kept.alias, kept.profile, run_, instrument.profile_name()),
           kept.alias);
  }
  [[noreturn]] static void refuse(const std::string& sentence, const std::string& alias) {
    throw ConfigurationError(sentence, {.alias = alias});
  }

  const std::vector<Instrument*>& instruments_;
  std::string run_;
};

/// Those asked for. Throws where one of them is not among the kept.
std::vector<KeptSettings> chosen(std::vector<KeptSettings> all, const std::vector<std::string>& aliases) {
  if (aliases.empty()) return all;
  std::vector<std::string> names;
  for (const KeptSettings& kept : all) names.push_back(kept.alias);
  for (const std::string& alias : aliases) {
    if (std::find(names.begin(), names.end(), alias) != names.end()) continue;
    throw ConfigurationError(
        fmt::format("The run keeps no settings of '{}'; it has those of {}", alias, base::listed(names, "and")),
        {.alias = alias});
  }
  std::erase_if(all, [&](const KeptSettings& kept) {
    return std::find(aliases.begin(), aliases.end(), kept.alias) == aliases.end();
  });
  return all;
}

bool is_load(const Restored& each) { return each.instrument->kind() == "electronic_load"; }

}  // namespace

std::vector<KeptSettings> kept_settings(const Experiment& run, SettingsOf moment) {
  const bool before = moment == SettingsOf::before;
  const io::Document document = io::Document::parse(run.metadata());
  const io::Document* const settings = document.find("settings");
  const io::Document* const then = settings == nullptr ? nullptr : settings->find(before ? "before" : "after");
  if (then == nullptr || then->members().empty()) {
    throw ConfigurationError(fmt::format("The run {} keeps no settings of its {}, so there is nothing to restore",
                                         run.folder().filename().string(), before ? "start" : "end"));
  }
  std::vector<KeptSettings> all;
  for (const auto& [alias, of_instrument] : then->members()) {
    KeptSettings kept{.alias = alias, .profile = profile_in(document, alias)};
    if (of_instrument.is_object()) {
      kept.settings = settings_from(of_instrument);
    } else {
      kept.trouble = then->text({alias});
    }
    all.push_back(std::move(kept));
  }
  return all;
}

RestoreReport restore(const std::vector<Instrument*>& instruments, const Experiment& run,
                      const BenchRestoreOptions& options) {
  RestoreReport report;
  const Matching matching(instruments, run);
  std::vector<Restored> all;
  for (KeptSettings& kept : chosen(kept_settings(run, options.moment), options.aliases)) {
    Instrument& instrument = matching.find(kept);
    if (!kept.trouble.empty()) {
      report.left.push_back({kept.alias, {}, "its settings were not read then: " + kept.trouble});
    } else {
      all.push_back({&instrument, std::move(kept)});
    }
  }
  for (const Restored& each : all) instrument::check_settings(each.instrument->conversation(), each.kept.settings);
  std::stable_partition(all.begin(), all.end(), is_load);  // a load goes off before what feeds it
  std::vector<std::exception_ptr> failures;
  for (const Restored& each : all) {
    collect(failures, [&] {
      instrument::restore_settings(each.instrument->conversation(), each.kept.settings, options.each.within, report);
    });
  }
  raise(failures);
  std::stable_partition(all.begin(), all.end(), [](const Restored& each) { return !is_load(each); });
  for (const Restored& each : all)
    instrument::restore_switches(each.instrument->conversation(), each.kept.settings, options.each, report);
  return report;
}

}  // namespace wheatstone::bench
