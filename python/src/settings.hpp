#pragma once
// How an instrument is set, as Python sees it: by name; what belongs to channels in a dict by channel.

#include <nanobind/nanobind.h>

#include <vector>
#include <wheatstone/setting.hpp>

namespace wheatstone::python {

[[nodiscard]] nanobind::dict dict_of(const std::vector<Setting>& settings);
/// Throws ConfigurationError where the dict is not of that form.
[[nodiscard]] std::vector<Setting> settings_from(nanobind::handle given);

}  // namespace wheatstone::python
