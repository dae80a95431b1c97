#pragma once
// Enumerators by name, for who types them.

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::instrument {

template <class Enumeration>
struct Named {
  Enumeration value;
  std::string_view name;  ///< the first of a value is the one that name_of() gives
};

/// Lower case, without '_', '-', ' ' and ':'.
[[nodiscard]] inline std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : base::lower(name)) {
    if (c != '_' && c != '-' && c != ' ' && c != ':') plain += c;
  }
  return plain;
}

template <class Enumeration, std::size_t N>
[[nodiscard]] std::string_view name_among(std::span<const Named<Enumeration>, N> names, Enumeration value) {
  for (const auto& named : names) {
    if (named.value == value) return named.name;
  }
  return {};
}

/// Throws ConfigurationError naming the nearest, or all where none is near.
template <class Enumeration, std::size_t N>
[[nodiscard]] Enumeration value_among(std::span<const Named<Enumeration>, N> names, std::string_view name,
                                      std::string_view what) {
  const std::string plain = plain_name(name);
  std::vector<std::string> shown;
  for (const auto& named : names) {
    if (plain_name(named.name) == plain) return named.value;
    if (name_among(names, named.value) == named.name) shown.emplace_back(named.name);
  }
  const std::vector<std::string> near = base::nearest(name, shown);
  throw ConfigurationError(near.empty()
                               ? fmt::format("'{}' is no {}; there are {}", name, what, base::listed(shown, "and"))
                               : fmt::format("'{}' is no {}; did you mean {}?", name, what, base::listed(near)));
}

}  // namespace wheatstone::instrument
