#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>
#include <wheatstone/setting.hpp>

#include "bindings.hpp"
#include "settings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

constexpr const char* k_form = "settings are a dict by name, as settings() returns it";

int channel_from(nb::handle key) {
  const nb::object number = nb::steal(PyNumber_Long(key.ptr()));  // run.json has them as text
  if (!number.is_valid()) {
    PyErr_Clear();
    throw ConfigurationError("'" + shown(key) + "' is no channel; " + k_form);
  }
  return nb::cast<int>(number);
}

std::string shown_setting(const SettingLeft& left) {
  const std::string channel =
      left.wanted.channel == 0 ? std::string() : " of channel " + std::to_string(left.wanted.channel);
  return left.alias + (left.wanted.name.empty() ? "" : ": " + left.wanted.name) + channel + ": " + left.reason;
}

nb::str shown_report(const RestoreReport& report) {
  std::string text = "<RestoreReport: " + std::to_string(report.sent) + " commands sent";
  for (const SettingLeft& left : report.left) text += "\n  left: " + shown_setting(left);
  return nb::str(sentence_of(text + ">"));
}

}  // namespace

nb::dict dict_of(const std::vector<Setting>& settings) {
  nb::dict dict;
  for (const Setting& setting : settings) {
    const nb::object name = text_of(setting.name);
    if (setting.channel == 0) {
      dict[name] = object_from(setting.value);
      continue;
    }
    if (!dict.contains(name)) dict[name] = nb::dict();
    nb::cast<nb::dict>(dict[name])[nb::int_(setting.channel)] = object_from(setting.value);
  }
  return dict;
}

std::vector<Setting> settings_from(nb::handle given) {
  if (!nb::isinstance<nb::dict>(given)) throw ConfigurationError(shown(given) + " are no settings; " + k_form);
  std::vector<Setting> settings;
  for (const auto& [key, value] : nb::cast<nb::dict>(given)) {
    if (!nb::isinstance<nb::str>(key)) throw ConfigurationError(shown(key) + " names no setting; " + k_form);
    const auto name = nb::cast<std::string>(key);
    if (!nb::isinstance<nb::dict>(value)) {
      settings.push_back({name, 0, value_from(value)});
      continue;
    }
    for (const auto& [channel, of_channel] : nb::cast<nb::dict>(value))
      settings.push_back({name, channel_from(channel), value_from(of_channel)});
  }
  return settings;
}

void bind_setting(nb::module_& module) {
  nb::class_<SettingLeft>(module, "SettingLeft", "A setting that was left as it is, and why.")
      .def_prop_ro(
          "alias", [](const SettingLeft& self) { return text_of(self.alias); }, nb::sig("def alias(self) -> str"))
      .def_prop_ro(
          "name", [](const SettingLeft& self) { return text_of(self.wanted.name); }, nb::sig("def name(self) -> str"))
      .def_prop_ro(
          "channel", [](const SettingLeft& self) { return self.wanted.channel; },
          "0 where it belongs to the whole instrument.")
      .def_prop_ro("wanted", [](const SettingLeft& self) { return object_from(self.wanted.value); })
      .def_prop_ro(
          "reason", [](const SettingLeft& self) { return sentence_of(self.reason); },
          nb::sig("def reason(self) -> str"))
      .def("__repr__", [](const SettingLeft& self) { return nb::str(sentence_of(shown_setting(self))); });
  nb::class_<RestoreReport>(module, "RestoreReport", "What putting settings back did.")
      .def_ro("sent", &RestoreReport::sent, "How many commands; 0 where everything was as wanted already.")
      .def_ro("left", &RestoreReport::left, "What the model has no command for, and switches that stay off.")
      .def("__repr__", &shown_report);
}

}  // namespace wheatstone::python
