#include <wheatstone/power_supply.hpp>

#include <array>
#include <cmath>

#include "instrument/conversation.hpp"
#include "instrument/measuring.hpp"

namespace wheatstone {
inline namespace v1 {

using instrument::Step;
using profile::Command;
using profile::Term;

/// The model's commands and channels, looked up once. Constant after construction.
struct PowerSupply::State {
  explicit State(const instrument::Conversation& talk)
      : voltage(talk.find("voltage")),
        current(talk.find("current")),
        output(talk.find("output")),
        measure_voltage(talk.find("measure_voltage")),
        measure_current(talk.find("measure_current")),
        protection_voltage(talk.find("protection_voltage")),
        protection_voltage_state(talk.find("protection_voltage_state")),
        protection_voltage_tripped(talk.find("protection_voltage_tripped")),
        protection_current_state(talk.find("protection_current_state")),
        protection_current_tripped(talk.find("protection_current_tripped")),
        clear_protection(talk.find("clear_protection")),
        display(talk.find("display")),
        channels(talk.profile().commands->channels().begin(), talk.profile().commands->channels().end()) {
    for (const int channel : channels) {
      const profile::Channel& described = talk.profile().channel(channel);
      voltages.push_back(described.find("voltage"));
      currents.push_back(described.find("current"));
    }
  }

  /// Throws ConfigurationError for a channel that is not there.
  [[nodiscard]] std::size_t place(const instrument::Conversation& talk, int channel) const {
    for (std::size_t i = 0; i < channels.size(); ++i) {
      if (channels[i] == channel) return i;
    }
    instrument::throw_no_channel(talk, channel);
  }

  const Command* voltage;
  const Command* current;
  const Command* output;
  const Command* measure_voltage;
  const Command* measure_current;
  const Command* protection_voltage;
  const Command* protection_voltage_state;
  const Command* protection_voltage_tripped;
  const Command* protection_current_state;
  const Command* protection_current_tripped;
  const Command* clear_protection;
  const Command* display;
  std::vector<int> channels;
  std::vector<const profile::Quantity*> voltages;  // by place of the channel; null where the profile says nothing
  std::vector<const profile::Quantity*> currents;
};

PowerSupply::PowerSupply(std::unique_ptr<instrument::Conversation> conversation)
    : Instrument(std::move(conversation)), state_(std::make_unique<State>(this->conversation())) {}
PowerSupply::~PowerSupply() = default;

const std::vector<int>& PowerSupply::channels() const { return state_->channels; }

SupplyChannel PowerSupply::channel(int number) {
  static_cast<void>(state_->place(conversation(), number));
  return {this, number};
}

void PowerSupply::set_voltage(int channel, double volts) {
  const Command& command = conversation().need(state_->voltage, "set a voltage");
  conversation().tell(command, {volts}, std::span(&channel, 1));
}

void PowerSupply::set_current(int channel, double amperes) {
  const Command& command = conversation().need(state_->current, "set a current");
  conversation().tell(command, {amperes}, std::span(&channel, 1));
}

void PowerSupply::set(int channel, SupplySetPoints set_points) {
  const std::array terms{Term(set_points.current_limit.value_or(0)), Term(set_points.voltage.value_or(0))};
  const std::span channels(&channel, 1);
  std::array<Step, 2> steps;
  std::size_t count = 0;
  if (set_points.current_limit) {
    const Command& command = conversation().need(state_->current, "set a current");
    steps[count++] = {.command = &command, .terms = std::span(terms).subspan(0, 1), .channels = channels};
  }
  if (set_points.voltage) {
    const Command& command = conversation().need(state_->voltage, "set a voltage");
    steps[count++] = {.command = &command, .terms = std::span(terms).subspan(1, 1), .channels = channels};
  }
  if (count > 0) {
    conversation().tell(std::span(steps).first(count));
  } else {
    static_cast<void>(state_->place(conversation(), channel));
  }
}

void PowerSupply::output(int channel, bool on) { output(std::span<const int>(&channel, 1), on); }

void PowerSupply::output(std::span<const int> channels, bool on) {
  const Command& command = conversation().need(state_->output, "switch its outputs");
  if (channels.empty()) return;
  if (command.channels == profile::Channels::list) return conversation().tell(command, {on}, channels);
  for (const int& channel : channels) conversation().tell(command, {on}, std::span(&channel, 1));
}

Reading PowerSupply::read_voltage(int channel) {
  const std::size_t place = state_->place(conversation(), channel);
  const Command& command = conversation().need(state_->measure_voltage, "measure its voltage");
  return instrument::measured(conversation(), command, std::span(&channel, 1), state_->voltages[place], "voltage", "V");
}

Reading PowerSupply::read_current(int channel) {
  const std::size_t place = state_->place(conversation(), channel);
  const Command& command = conversation().need(state_->measure_current, "measure its current");
  return instrument::measured(conversation(), command, std::span(&channel, 1), state_->currents[place], "current", "A");
}

double PowerSupply::voltage_setpoint(int channel) {
  return conversation().ask_number(conversation().need(state_->voltage, "tell its voltage"), {},
                                   std::span(&channel, 1));
}

double PowerSupply::current_limit_setpoint(int channel) {
  return conversation().ask_number(conversation().need(state_->current, "tell its current"), {},
                                   std::span(&channel, 1));
}

bool PowerSupply::get_output_state(int channel) {
  return conversation().ask_boolean(conversation().need(state_->output, "tell its outputs' state"),
                                    std::span(&channel, 1));
}

std::vector<SupplySettings> PowerSupply::get_configuration() {
  return conversation().transaction([&] {
    std::vector<SupplySettings> all;
    for (const int channel : state_->channels) all.push_back(this->channel(channel).settings());
    return all;
  });
}

void PowerSupply::set_over_voltage_protection(int channel, double volts) {
  conversation().transaction([&] {
    conversation().tell(conversation().need(state_->protection_voltage, "set an over-voltage protection"), {volts},
                        std::span(&channel, 1));
    if (state_->protection_voltage_state != nullptr) enable_over_voltage_protection(channel, true);
  });
}

void PowerSupply::enable_over_voltage_protection(int channel, bool on) {
  conversation().tell(conversation().need(state_->protection_voltage_state, "switch its over-voltage protection"), {on},
                      std::span(&channel, 1));
}

void PowerSupply::enable_over_current_protection(int channel, bool on) {
  conversation().tell(conversation().need(state_->protection_current_state, "switch its over-current protection"), {on},
                      std::span(&channel, 1));
}

bool PowerSupply::is_over_voltage_tripped(int channel) {
  return conversation().ask_boolean(
      conversation().need(state_->protection_voltage_tripped, "tell whether its over-voltage protection tripped"),
      std::span(&channel, 1));
}

bool PowerSupply::is_over_current_tripped(int channel) {
  return conversation().ask_boolean(
      conversation().need(state_->protection_current_tripped, "tell whether its over-current protection tripped"),
      std::span(&channel, 1));
}

void PowerSupply::clear_protection(int channel) {
  conversation().tell(conversation().need(state_->clear_protection, "clear its protection"), {},
                      std::span(&channel, 1));
}

void PowerSupply::display(bool on) {
  conversation().tell(conversation().need(state_->display, "switch its display"), {on});
}

void PowerSupply::make_safe(Duration within) {
  conversation().make_safe(within, [&] { output(conversation().made_on().channels("output"), false); });
}

bool PowerSupply::is_anything_on() const { return instrument::is_anything_on(conversation()); }

// ---- One channel
// -----------------------------------------------------------------------------------------------------

SupplyChannel SupplyChannel::set(SupplySetPoints set_points) const {
  supply_->set(channel_, set_points);
  return *this;
}
SupplyChannel SupplyChannel::set(double voltage, double current_limit) const {
  return set(SupplySetPoints{.voltage = voltage, .current_limit = current_limit});
}
SupplyChannel SupplyChannel::set_voltage(double volts) const {
  supply_->set_voltage(channel_, volts);
  return *this;
}
SupplyChannel SupplyChannel::set_current_limit(double amperes) const {
  supply_->set_current(channel_, amperes);
  return *this;
}
SupplyChannel SupplyChannel::on() const {
  supply_->output(channel_, true);
  return *this;
}
SupplyChannel SupplyChannel::off() const {
  supply_->output(channel_, false);
  return *this;
}
Reading SupplyChannel::measure_voltage() const { return supply_->read_voltage(channel_); }
Reading SupplyChannel::measure_current() const { return supply_->read_current(channel_); }
bool SupplyChannel::get_output_state() const { return supply_->get_output_state(channel_); }
double SupplyChannel::voltage_setpoint() const { return supply_->voltage_setpoint(channel_); }
double SupplyChannel::current_limit_setpoint() const { return supply_->current_limit_setpoint(channel_); }

SupplySettings SupplyChannel::settings() const {
  return supply_->conversation().transaction([&] {
    return SupplySettings{.channel = channel_,
                          .voltage = voltage_setpoint(),
                          .current_limit = current_limit_setpoint(),
                          .output = get_output_state()};
  });
}

SupplyChannel SupplyChannel::set_over_voltage_protection(double volts) const {
  supply_->set_over_voltage_protection(channel_, volts);
  return *this;
}
SupplyChannel SupplyChannel::enable_over_voltage_protection(bool on) const {
  supply_->enable_over_voltage_protection(channel_, on);
  return *this;
}
SupplyChannel SupplyChannel::enable_over_current_protection(bool on) const {
  supply_->enable_over_current_protection(channel_, on);
  return *this;
}
bool SupplyChannel::is_over_voltage_tripped() const { return supply_->is_over_voltage_tripped(channel_); }
bool SupplyChannel::is_over_current_tripped() const { return supply_->is_over_current_tripped(channel_); }
SupplyChannel SupplyChannel::clear_protection() const {
  supply_->clear_protection(channel_);
  return *this;
}

}  // namespace v1
}  // namespace wheatstone
