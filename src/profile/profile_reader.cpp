// A profile out of its YAML text.

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "profile/command_reader.hpp"
#include "profile/profile.hpp"
#include "profile/shipped.hpp"
#include "profile/yaml_entry.hpp"

namespace wheatstone::profile {
namespace {

/// Data sheets print percent; fractions from here on.
Accuracy read_accuracy(const YamlEntry& entry) {
  entry.allow({"reading_percent", "range_percent", "offset"});
  return {entry.number_or("reading_percent", 0) / 100.0, entry.number_or("range_percent", 0) / 100.0,
          entry.number_or("offset", 0)};
}

Range read_range(const YamlEntry& entry) {
  entry.allow({"name", "nominal", "min", "max", "programming_resolution", "readback_resolution", "programming",
               "readback", "bands", "test_current", "source"});
  Range range;
  range.nominal = entry.at("nominal").number();
  range.maximum = entry.number_or("max", range.nominal);
  range.minimum = entry.number_or("min", 0);
  if (range.minimum > range.maximum) entry.fail("min is above max");
  range.name = entry.text_or("name", base::shortest(range.nominal));
  range.programming_resolution = entry.number_or("programming_resolution", 0);
  range.readback_resolution = entry.number_or("readback_resolution", 0);
  if (const auto accuracy = entry.find("programming")) range.programming = read_accuracy(*accuracy);
  if (const auto accuracy = entry.find("readback")) range.readback = read_accuracy(*accuracy);
  if (const auto bands = entry.find("bands")) {
    for (const YamlEntry& band : bands->items()) {
      band.allow({"from", "to", "reading_percent", "range_percent"});
      range.bands.push_back(
          {band.at("from").number(),
           band.at("to").number(),
           {band.at("reading_percent").number() / 100.0, band.at("range_percent").number() / 100.0, 0}});
    }
  }
  range.test_current = entry.number_or("test_current", 0);
  range.source = entry.text_or("source", "");
  return range;
}

/// `source` stands at the quantity where all its ranges share it.
Quantity read_quantity(const std::string& name, const YamlEntry& entry) {
  Quantity quantity;
  quantity.name = name;
  quantity.unit = Unit(entry.text_or("unit", ""));
  if (const auto reset = entry.find("reset")) quantity.reset = reset->number();
  const std::string source = entry.text_or("source", "");
  for (const YamlEntry& range : entry.at("ranges").items()) {
    quantity.ranges.push_back(read_range(range));
    if (quantity.ranges.back().source.empty()) quantity.ranges.back().source = source;
    if (quantity.ranges.back().source.empty()) range.fail("its source is missing: which document says so?");
  }
  if (quantity.ranges.empty()) entry.fail("a range is missing");
  quantity.minimum = quantity.ranges.front().minimum;
  quantity.maximum = quantity.ranges.front().maximum;
  for (const Range& range : quantity.ranges) {
    quantity.minimum = std::min(quantity.minimum, range.minimum);
    quantity.maximum = std::max(quantity.maximum, range.maximum);
  }
  return quantity;
}

Channel read_channel(const YamlEntry& entry) {
  entry.allow({"number", "name", "quantities"});
  Channel channel;
  channel.number = entry.at("number").integer();
  channel.name = entry.text_or("name", fmt::format("CH{}", channel.number));
  for (const auto& [name, quantity] : entry.at("quantities").members()) {
    quantity.allow({"unit", "reset", "source", "ranges"});
    channel.quantities.push_back(read_quantity(name, quantity));
  }
  return channel;
}

Function read_function(const std::string& name, const YamlEntry& entry) {
  entry.allow({"header", "unit", "reset", "source", "ranges", "apertures"});
  Function function;
  function.name = name;
  function.header = entry.at("header").text();
  function.quantity = read_quantity(name, entry);
  if (const auto apertures = entry.find("apertures")) {
    for (const YamlEntry& aperture : apertures->items()) {
      aperture.allow({"nplc", "resolution"});
      function.apertures.push_back({aperture.at("nplc").number(), aperture.at("resolution").number()});
    }
  }
  return function;
}

void read_identity(const YamlEntry& root, Profile& profile) {
  profile.maker = root.at("maker").text();
  profile.model = root.at("model").text();
  profile.kind = static_cast<InstrumentKind>(
      root.at("kind").choice({"power_supply", "multimeter", "oscilloscope", "electronic_load", "generic"}));
  profile.description = root.text_or("description", "");
  std::string folder = base::lower(profile.maker);
  folder = folder.substr(0, folder.find(' '));
  profile.name = folder + "/" + profile.model;
  if (const auto identification = root.find("identification")) {
    identification->allow({"makers", "models", "reply"});
    if (const auto makers = identification->find("makers")) profile.identification.makers = makers->texts();
    if (const auto models = identification->find("models")) profile.identification.models = models->texts();
    profile.idn_reply = identification->text_or("reply", "");
  }
  if (profile.idn_reply.empty()) profile.idn_reply = fmt::format("{},{},0,0", profile.maker, profile.model);
}

void read_errors(const YamlEntry& root, Profile& profile) {
  if (const auto errors = root.find("errors")) {
    errors->allow({"query", "rides_with_writes", "queue_length"});
    profile.error_query = errors->text_or("query", "");
    profile.error_query_rides = errors->boolean_or("rides_with_writes", false);
    profile.error_queue_length = errors->integer_or("queue_length", 20);
  }
  if (const auto connection = root.find("connection")) {
    connection->allow({"socket_port"});
    profile.socket_port = connection->integer_or("socket_port", 0);
  }
}

void read_lists(const YamlEntry& root, Profile& profile) {
  if (const auto documents = root.find("documents")) {
    for (const auto& [id, document] : documents->members()) {
      document.attempt([&, &name = id, &entry = document] {
        entry.allow({"title", "number"});
        profile.documents.push_back({name, entry.at("title").text(), entry.text_or("number", "")});
      });
    }
  }
  if (const auto channels = root.find("channels")) {
    for (const YamlEntry& channel : channels->items()) {
      channel.attempt([&] {
        profile.channels.push_back(read_channel(channel));
        const int number = profile.channels.back().number;
        if (profile.find_channel(number) != &profile.channels.back())
          channel.fail("that channel number is there twice");
      });
    }
  }
  if (const auto functions = root.find("functions")) {
    for (const auto& [name, function] : functions->members()) {
      function.attempt([&, &key = name, &entry = function] { profile.functions.push_back(read_function(key, entry)); });
    }
  }
  if (const auto figures = root.find("figures")) {
    for (const auto& [name, figure] : figures->members()) {
      figure.attempt([&, &key = name, &entry = figure] {
        entry.allow({"value", "unit", "source"});
        profile.figures[key] = {entry.at("value").number(), Unit(entry.text_or("unit", "")), entry.at("source").text()};
      });
    }
  }
  if (const auto quirks = root.find("quirks")) profile.quirks = quirks->texts();
}

}  // namespace

ProfilePointer parse_profile(std::string_view yaml, std::string_view origin) {
  Problems problems;
  const YamlEntry root = YamlEntry::parse(yaml, origin, &problems);
  root.allow({"maker", "model", "kind", "description", "extends", "identification", "errors", "connection", "documents",
              "channels", "functions", "figures", "quirks", "commands"});
  auto profile = std::make_shared<Profile>();
  profile->origin = origin;
  problems.attempt([&] { read_identity(root, *profile); });
  std::vector<Command> commands;
  if (const auto base_name = root.find("extends")) {
    const ProfilePointer extended = load_profile(base_name->text());
    commands.assign(extended->commands->commands().begin(), extended->commands->commands().end());
    profile->error_query = extended->error_query;
    profile->error_query_rides = extended->error_query_rides;
    profile->error_queue_length = extended->error_queue_length;
    profile->socket_port = extended->socket_port;
  }
  problems.attempt([&] { read_errors(root, *profile); });
  problems.attempt([&] { read_lists(root, *profile); });
  const auto section = root.find("commands");
  problems.raise();  // commands refer to channels and functions
  if (section) read_commands(*section, *profile, commands);
  problems.raise();
  std::vector<int> channels;
  for (const Channel& channel : profile->channels) channels.push_back(channel.number);
  try {
    profile->commands = std::make_shared<CommandTable>(std::move(commands), std::move(channels));
  } catch (const ConfigurationError& error) {
    (section ? *section : root).fail(error.what());
  }
  return profile;
}

}  // namespace wheatstone::profile
