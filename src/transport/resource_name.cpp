#include "transport/resource_name.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <vector>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::transport {
namespace {

struct Prefix {
  std::string_view word;
  ResourceName::Interface interface;
};
constexpr std::array k_prefixes = {
    Prefix{"TCPIP", ResourceName::Interface::tcpip},   Prefix{"GPIB", ResourceName::Interface::gpib},
    Prefix{"USB", ResourceName::Interface::usb},       Prefix{"ASRL", ResourceName::Interface::serial},
    Prefix{"PXI", ResourceName::Interface::pxi},       Prefix{"VXI", ResourceName::Interface::vxi},
    Prefix{"PRLGX", ResourceName::Interface::prologix}};

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw ConfigurationError(
      fmt::format("'{}' is no VISA resource name: {}. A raw socket is written TCPIP::host::port::SOCKET, for example "
                  "TCPIP::psu.lab::5025::SOCKET",
                  text, why),
      {.address = std::string(text)});
}

/// Splits at "::" outside of brackets, so that an IPv6 address stays whole.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> fields;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']') --depth;
    if (depth == 0 && text.substr(i, 2) == "::") {
      fields.push_back(text.substr(begin, i - begin));
      begin = i + 2;
      ++i;
    }
  }
  fields.push_back(text.substr(begin));
  return fields;
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text) {
  Integer number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void parse_interface(ResourceName& name, std::string_view field) {
  for (const Prefix& prefix : k_prefixes) {
    if (!base::equal_ignoring_case(field.substr(0, prefix.word.size()), prefix.word)) continue;
    const std::string_view rest = field.substr(prefix.word.size());
    name.interface = prefix.interface;
    if (rest.empty()) return;
    if (const auto board = whole_number<int>(rest); board && *board >= 0) {
      name.board = *board;
      return;
    }
    if (prefix.interface == ResourceName::Interface::serial) {
      name.device = rest;  // ASRL/dev/ttyUSB0
      return;
    }
  }
  refuse(name.text, fmt::format("'{}' is no interface; there are TCPIP, USB, GPIB, ASRL, PXI, VXI and PRLGX", field));
}

void parse_tcpip(ResourceName& name, const std::vector<std::string_view>& fields) {
  std::string_view host = fields.size() > 1 ? fields[1] : std::string_view{};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty()) refuse(name.text, "it names no host");
  name.host = host;
  const std::string last = base::upper(fields.back());
  if (last != "SOCKET") {
    name.resource_class = "INSTR";
    const bool class_given = fields.size() > 2 && last == "INSTR";
    const std::size_t more = fields.size() - (class_given ? 1 : 0);
    if (more > 3) refuse(name.text, "it has too many parts");
    name.device = more == 3 ? std::string(fields[2]) : "inst0";
    return;
  }
  name.resource_class = "SOCKET";
  if (fields.size() != 4) refuse(name.text, "a SOCKET needs a host and a port");
  const auto port = whole_number<std::uint16_t>(fields[2]);
  if (!port || *port == 0) refuse(name.text, fmt::format("'{}' is no port (1 to 65535)", fields[2]));
  name.port = *port;
}

}  // namespace

ResourceName ResourceName::parse(std::string_view text) {
  ResourceName name;
  text = base::trimmed(text);
  name.text = text;
  if (text.empty()) refuse(text, "it is empty");
  const std::vector<std::string_view> fields = split(text);
  parse_interface(name, fields.front());
  if (name.interface == Interface::tcpip) {
    parse_tcpip(name, fields);
    return name;
  }
  if (fields.size() < 2 && name.interface != Interface::serial) refuse(name.text, "it names no device");
  const std::string last = base::upper(fields.back());
  const bool class_given = fields.size() > 1 && (last == "INSTR" || last == "RAW" || last == "INTFC");
  name.resource_class = class_given ? last : "INSTR";
  for (std::size_t i = 1; i < fields.size() - (class_given ? 1 : 0); ++i) {
    if (!name.device.empty()) name.device += "::";
    name.device += fields[i];
  }
  return name;
}

std::string ResourceName::canonical() const {
  if (interface != Interface::tcpip) return text;  // paths of devices tell case apart
  const std::string shown = host.find(':') == std::string::npos ? base::lower(host) : "[" + base::lower(host) + "]";
  return resource_class == "SOCKET" ? fmt::format("TCPIP{}::{}::{}::SOCKET", board, shown, port)
                                    : fmt::format("TCPIP{}::{}::{}::INSTR", board, shown, device);
}

}  // namespace wheatstone::transport
