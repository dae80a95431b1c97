#include "bench/connect.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.hpp"
#include "bench/address_lock.hpp"
#include "instrument/make_instrument.hpp"
#include "instrument/named_error.hpp"
#include "transport/tcp_socket.hpp"

namespace wheatstone::bench {
namespace {

constexpr std::string_view k_all = "all";

std::optional<bool> yes_or_no(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return std::nullopt;
  if (base::equal_ignoring_case(text, k_all)) return true;
  for (const char* const yes : {"1", "true", "yes", "on"}) {
    if (base::equal_ignoring_case(text, yes)) return true;
  }
  for (const char* const no : {"0", "false", "no", "off"}) {
    if (base::equal_ignoring_case(text, no)) return false;
  }
  throw ConfigurationError(fmt::format("The environment's {} is '{}'; it should be 1 or 0, or all", variable, text));
}

std::int64_t deadline_after(Duration timeout) {
  const std::int64_t now = base::system_clock().monotonic();
  return timeout.nanoseconds() > INT64_MAX - now ? INT64_MAX : now + timeout.nanoseconds();
}

std::unique_ptr<Instrument> connect_simulated(instrument::Connection connection, std::string_view profile,
                                              simulation::SimulatedBench& simulated, base::Clock& clock,
                                              transport::Tap tap) {
  if (profile.empty()) {
    throw ConfigurationError(
        fmt::format("{}: a simulated instrument needs a profile, such as keysight/34470A", connection.alias),
        {.alias = connection.alias});
  }
  connection.profile = profile::load_profile(profile);
  connection.transport = simulated.connect(connection.alias, connection.profile);
  connection.transport->set_tap(std::move(tap));
  connection.clock = &clock;
  connection.simulated = true;
  return instrument::make_instrument(std::move(connection));
}

std::string identity_of(transport::Transport& link, const std::string& alias, Duration timeout) {
  try {
    link.write("*IDN?", deadline_after(timeout));
    return std::string(base::trimmed(link.read_message(deadline_after(timeout))));
  } catch (const Error&) {
    instrument::rethrow_named({.alias = alias, .address = link.address(), .command = "*IDN?"});
  }
}

/// Asks who is there. Throws ConfigurationError where no shipped profile is of that model.
profile::ProfilePointer find_profile(transport::Transport& link, const std::string& alias, Duration timeout) {
  const std::string identity = identity_of(link, alias, timeout);
  if (auto found = profile::find_profile_for(identity)) return found;
  throw ConfigurationError(
      fmt::format("{}: the instrument at {} says it is '{}', and no profile is of that model; name one, "
                  "or 'generic/scpi'",
                  alias, link.address(), base::excerpt(identity)),
      {.alias = alias, .address = link.address(), .command = "*IDN?", .answer = identity});
}

std::unique_ptr<Instrument> connect_real(instrument::Connection connection, std::string_view profile,
                                         const std::string& address, io::Network& network, transport::Tap tap) {
  const transport::ResourceName name = transport::ResourceName::parse(address);
  if (!profile.empty()) connection.profile = profile::load_profile(profile);
  if (!connection.shared) connection.held = std::make_shared<AddressLock>(connection.alias, name);
  connection.transport = transport::open_transport(name, deadline_after(connection.timeout), network);
  connection.transport->set_tap(std::move(tap));
  if (connection.profile == nullptr) {
    connection.profile = find_profile(*connection.transport, connection.alias, connection.timeout);
  }
  connection.clock = &base::system_clock();
  return instrument::make_instrument(std::move(connection));
}

}  // namespace

bool all_simulated() {
  const char* const text = std::getenv("WHEATSTONE_SIMULATE");
  return text != nullptr && base::equal_ignoring_case(text, k_all);
}

bool is_simulated(const InstrumentOptions& options) {
  if (all_simulated()) return true;
  if (options.simulate) return *options.simulate;
  if (const auto ours = yes_or_no("WHEATSTONE_SIMULATE")) return *ours;
  return yes_or_no("PYTESTLAB_SIMULATE").value_or(false);
}

std::unique_ptr<Instrument> connect(std::string_view alias, std::string_view profile, const InstrumentOptions& options,
                                    simulation::SimulatedBench& simulated, base::Clock& clock, io::Network& network,
                                    transport::Tap tap) {
  instrument::Connection connection;
  connection.alias = alias;
  connection.timeout = options.timeout;
  connection.shared = options.shared;
  connection.serial_number = options.serial_number;
  const ErrorContext context{.alias = connection.alias, .model = std::string(profile), .address = options.address};
  if (options.timeout <= Duration{}) {
    throw ConfigurationError(
        fmt::format("{}: a time-out of {} s is none; give a positive time", alias, options.timeout.seconds()), context);
  }
  try {
    if (is_simulated(options))
      return connect_simulated(std::move(connection), profile, simulated, clock, std::move(tap));
    if (options.address.empty()) {
      throw ConfigurationError(
          fmt::format("{}: there is nothing to connect to; give its address, or say that it is simulated", alias));
    }
    return connect_real(std::move(connection), profile, options.address, network, std::move(tap));
  } catch (const Error&) {
    instrument::rethrow_named(context);
  }
}

}  // namespace wheatstone::bench
