#pragma once
// The models of instruments that Wheatstone knows. A model is data: a YAML file, shipped inside the library or
// anybody's own.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a profile says of its model, in short.
struct Model {
  std::string name = {};  ///< "keysight/EDU36311A", as it is asked for
  std::string maker = {};
  std::string kind = {};  ///< "power supply", "multimeter", ...
  std::string description = {};
  std::string origin = {};  ///< the file it was read from, or "shipped"
  std::size_t command_count = 0;
};

/// The models that the library carries, sorted by name. Any thread.
[[nodiscard]] WHEATSTONE_API std::vector<Model> models();

/// One model, by "maker/MODEL" in any case or by the path of a YAML file. Throws ConfigurationError that names the
/// nearest models, or file, line and column of what is malformed, further faults of the file attached. Any thread.
[[nodiscard]] WHEATSTONE_API Model find_model(std::string_view name);

/// The model whose instruments answer *IDN? like that; none where no profile is of it. Any thread.
[[nodiscard]] WHEATSTONE_API std::optional<Model> find_model_of(std::string_view identity);

/// The JSON schema of profiles, for editors and validators.
[[nodiscard]] WHEATSTONE_API std::string_view profile_schema();

/// The same model in words: channels and functions with ranges, resolution and accuracy, commands, and the documents
/// that the figures come from. Markdown, a line at most 120 columns wide but for tables.
[[nodiscard]] WHEATSTONE_API std::string describe_model(std::string_view name);

}  // namespace v1
}  // namespace wheatstone
