// The commands that IEEE 488.2 and SCPI-99 give to every instrument.

#include <algorithm>
#include <utility>

#include "scpi/number.hpp"
#include "simulation/simulated_instrument.hpp"

namespace wheatstone::simulation {
namespace {

using Action = CommandActions::Action;

std::uint8_t byte_of(const Exchange& exchange) {
  return static_cast<std::uint8_t>(std::clamp(exchange.number(0).value_or(0), 0.0, 255.0));
}

std::uint16_t word_of(const Exchange& exchange) {
  return static_cast<std::uint16_t>(std::clamp(exchange.number(0).value_or(0), 0.0, 65535.0));
}

/// NR1 with a sign, as Keysight's instruments answer registers.
void answer_register(Exchange& exchange, unsigned value) {
  std::string& out = exchange.answer();
  out += '+';
  scpi::append_number(out, static_cast<long long>(value));
}

}  // namespace

/// By header and not by id: the standard fixes these headers, a profile is free in its ids.
void SimulatedInstrument::bind_header(std::string_view header, bool is_query, Action action) {
  for (const profile::Command& command : table_->commands()) {
    const auto fits = [&](const scpi::Pattern& pattern) { return pattern.matches(header); };
    if (std::none_of(command.patterns.begin(), command.patterns.end(), fits)) continue;
    if (is_query && command.can_query) actions_.on_query(command.id, std::move(action));
    if (!is_query && command.can_set) actions_.on_set(command.id, std::move(action));
    return;
  }
}

void SimulatedInstrument::bind_common() {
  bind_header("*IDN", true, [this](Exchange& exchange) { exchange.answer() += profile_->idn_reply; });
  bind_header("*RST", false, [this](Exchange& exchange) { reset(exchange.now()); });
  bind_header("SYSTem:PRESet", false, [this](Exchange& exchange) { reset(exchange.now()); });
  bind_header("*CLS", false, [this](Exchange&) {
    status_.clear();
    opc_due_ = -1;
  });
  bind_header("*TST", true, [](Exchange& exchange) { exchange.answer() += "+0"; });
  bind_header("*TRG", false, [this](Exchange& exchange) { model_->trigger(exchange); });
  bind_header("*SRE", false,
              [this](Exchange& exchange) { status_.service_request_enable = byte_of(exchange) & 0xbfU; });
  bind_header("*SRE", true, [this](Exchange& exchange) { answer_register(exchange, status_.service_request_enable); });
  bind_header("*ESE", false, [this](Exchange& exchange) { status_.event_enable = byte_of(exchange); });
  bind_header("*ESE", true, [this](Exchange& exchange) { answer_register(exchange, status_.event_enable); });
  bind_header("*ESR", true, [this](Exchange& exchange) { answer_register(exchange, status_.take_event()); });
  bind_header("*STB", true, [this](Exchange& exchange) {
    model_->update(exchange.now(), status_);
    answer_register(exchange, status_.status_byte(!making_.empty()));
  });
  bind_header("*OPT", true, [](Exchange& exchange) { exchange.answer() += '0'; });
  bind_header("SYSTem:VERSion", true, [](Exchange& exchange) { exchange.answer() += "1999.0"; });
  bind_header("SYSTem:ERRor:COUNt", true,
              [this](Exchange& exchange) { answer_register(exchange, static_cast<unsigned>(status_.errors.size())); });
  bind_header("SYSTem:ERRor", true, [this](Exchange& exchange) { exchange.answer() += status_.errors.pop(); });
  for (const char* header : {"*SAV", "*RCL"}) {
    bind_header(header, false, [](Exchange& exchange) {
      exchange.error(scpi::k_hardware_missing, "the simulated instrument keeps no states");
    });
  }
  for (const profile::Command& command : table_->commands()) {
    if (command.selects_channel) actions_.on_stored(command.id, [](Exchange&) {});  // chosen when it was matched
  }
  actions_.keeps({"power_on_status_clear"});  // no simulated instrument is ever switched off and on again
  bind_completion();
  bind_registers("STATus:OPERation", status_.operation);
  bind_registers("STATus:QUEStionable", status_.questionable);
  bind_header("STATus:PRESet", false, [this](Exchange&) {
    status_.operation.preset();
    status_.questionable.preset();
  });
}

void SimulatedInstrument::bind_completion() {
  const auto left = [this](const Exchange& exchange) {
    return std::max<std::int64_t>(0, model_->complete_at() - exchange.now());
  };
  bind_header("*OPC", false, [this, left](Exchange& exchange) {
    if (left(exchange) == 0) {
      status_.set_event(k_operation_complete);
    } else {
      opc_due_ = model_->complete_at();
    }
  });
  const auto when_done = [left](Exchange& exchange, Action then) {
    const std::int64_t wait = left(exchange);
    if (wait == 0) {
      then(exchange);
    } else {
      exchange.take(wait, std::move(then));
    }
  };
  bind_header("*OPC", true,
              [when_done](Exchange& exchange) { when_done(exchange, [](Exchange& later) { later.answer() += '1'; }); });
  bind_header("*WAI", false, [when_done](Exchange& exchange) { when_done(exchange, [](Exchange&) {}); });
}

void SimulatedInstrument::bind_registers(const std::string& node, RegisterGroup& group) {
  bind_header(node + ":CONDition", true, [this, &group](Exchange& exchange) {
    model_->update(exchange.now(), status_);
    answer_register(exchange, group.condition());
  });
  bind_header(node, true, [this, &group](Exchange& exchange) {
    model_->update(exchange.now(), status_);
    answer_register(exchange, group.take_event());
  });
  const auto bind_mask = [&](std::string_view name, std::uint16_t RegisterGroup::* mask) {
    const std::string header = node + std::string(name);
    bind_header(header, false, [&group, mask](Exchange& exchange) { group.*mask = word_of(exchange); });
    bind_header(header, true, [&group, mask](Exchange& exchange) { answer_register(exchange, group.*mask); });
  };
  bind_mask(":ENABle", &RegisterGroup::enable);
  bind_mask(":PTRansition", &RegisterGroup::positive);
  bind_mask(":NTRansition", &RegisterGroup::negative);
}

}  // namespace wheatstone::simulation
