#include "simulation/simulated_instrument.hpp"

#include <algorithm>
#include <utility>

#include "base/blocking.hpp"
#include "scpi/message.hpp"

namespace wheatstone::simulation {
namespace {

constexpr int k_no_channel = 0;  // the key of settings that belong to the whole instrument

/// Waiting for another thread's message is a wait; taking a free lock is none.
std::unique_lock<std::mutex> locked(std::mutex& mutex) {
  std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock) {
    const base::BlockingRegion region;
    lock.lock();
  }
  return lock;
}

scpi::ChannelList one_channel(int channel) {
  scpi::ChannelList list;
  list.values[0] = channel;
  list.count = 1;
  return list;
}

}  // namespace

SimulatedInstrument::SimulatedInstrument(Surroundings surroundings)
    : alias_(surroundings.alias),
      profile_(surroundings.profile),
      table_(profile_->commands.get()),
      time_(surroundings.time),
      settings_(*table_),
      status_(static_cast<std::size_t>(profile_->error_queue_length)),
      actions_(*table_),
      exchange_(*table_, *time_, settings_, status_) {
  model_ = make_model(std::move(surroundings));
  bind_common();
  model_->bind(actions_);
  reset(time_->now());
}

void SimulatedInstrument::reset(std::int64_t now) {
  settings_.reset();
  context_ = {};
  if (!table_->channels().empty()) context_.selected_channel = table_->channels().front();
  model_->reset(now, settings_);
}

void SimulatedInstrument::write(std::string_view message) {
  const auto lock = locked(mutex_);
  const std::int64_t now = time_->now();
  proceed(now);
  accept(message, now);
}

void SimulatedInstrument::accept(std::string_view message, std::int64_t now) {
  if (output_ || (executing_ && asked_)) interrupt();
  if (executing_) {
    waiting_.emplace_back(message);
    return;
  }
  executing_ = true;
  asked_ = false;
  making_.clear();
  context_.path = {};
  execute(message, now);
}

/// IEEE 488.2 section 6.3.2.3: a new message before the answer was read.
void SimulatedInstrument::interrupt() {
  status_.report(scpi::k_query_interrupted);
  output_.reset();
  if (!executing_) return;
  executing_ = false;
  exchange_.suspension_ = {};
  model_->abort(time_->now());
}

void SimulatedInstrument::execute(std::string_view units, std::int64_t now) {
  scpi::MessageReader reader(units);
  std::string_view unit;
  exchange_.now_ = now;
  while (reader.next(unit)) {
    execute_unit(unit);
    if (exchange_.suspension_) {
      const auto end = static_cast<std::size_t>(unit.data() - units.data()) + unit.size();
      suspended_rest_ = std::string(units.substr(end));
      return;
    }
  }
  executing_ = false;
  if (!making_.empty()) output_ = std::exchange(making_, {});
}

void SimulatedInstrument::execute_unit(std::string_view unit) {
  match_ = table_->match(unit, context_);
  asked_ = asked_ || match_.is_query;
  if (match_.error != 0) {
    status_.report(match_.error);
    return;
  }
  const profile::Command& command = *match_.command;
  scpi::ChannelList channels = match_.channels;
  if (const auto named = table_->channel_named(match_)) {
    channels = one_channel(*named);
    context_.selected_channel = table_->channel_selected(match_).value_or(context_.selected_channel);
  }
  if (channels.empty()) channels = one_channel(context_.selected_channel);
  exchange_.begin(match_, channels, making_);
  if (answer_bound()) return;
  if (!match_.is_query && actions_.lacks(command, exchange_.keyword(0))) {
    exchange_.error(scpi::k_hardware_missing, "the simulated instrument lacks it");
    return;
  }
  if (const auto* action = actions_.find(command, match_.is_query)) {
    (*action)(exchange_);
  } else {
    run_plain();
  }
  // What is done later must not look at arguments: the message's text may be gone by then.
  if (exchange_.suspension_) match_.argument_count = 0;
}

/// VOLT? MAX and its kin, from the profile's bounds.
bool SimulatedInstrument::answer_bound() {
  if (!match_.is_query || match_.argument_count == 0) return false;
  const profile::Parameter& parameter = match_.parameters().front();
  if (parameter.follows_state || match_.arguments[0].kind != profile::ArgumentKind::keyword) return false;
  if (!exchange_.number(0)) return false;
  for (const int channel : exchange_.channels()) {
    exchange_.answer(exchange_.number(0, channel).value_or(0));
  }
  return true;
}

void SimulatedInstrument::run_plain() {
  const profile::Command& command = *match_.command;
  const bool per_channel = command.channels != profile::Channels::none;
  if (!match_.is_query) {
    if (actions_.treatment(command) == Treatment::unknown) {
      exchange_.error(scpi::k_hardware_missing, "the simulated instrument lacks it");
      return;
    }
    for (const int channel : exchange_.channels()) settings_.set(match_, per_channel ? channel : k_no_channel);
    if (const auto* action = actions_.find_stored(command)) (*action)(exchange_);
    return;
  }
  if (command.selects_channel && !command.parameters.empty()) {
    const auto& channels = command.parameters.front().keyword_channels;
    const auto place = std::find(channels.begin(), channels.end(), context_.selected_channel);
    if (place == channels.end()) {
      exchange_.answer(context_.selected_channel);
    } else {
      exchange_.answer() +=
          command.parameters.front().keywords[static_cast<std::size_t>(place - channels.begin())].short_form();
    }
    return;
  }
  for (const int channel : exchange_.channels()) {
    std::string stored = settings_.answer(match_, per_channel ? channel : k_no_channel);
    if (stored.empty()) {
      status_.report(scpi::k_hardware_missing, "the simulated instrument has nothing that this query could tell");
      return;
    }
    exchange_.answer() += stored;
    if (!per_channel) return;
  }
}

void SimulatedInstrument::proceed(std::int64_t now) {
  if (opc_due_ >= 0 && now >= opc_due_) {
    status_.set_event(k_operation_complete);
    opc_due_ = -1;
  }
  while (executing_ && exchange_.suspension_ && exchange_.suspension_.due <= now) {
    Exchange::Suspension suspension = std::exchange(exchange_.suspension_, {});
    exchange_.now_ = suspension.then ? suspension.due : now;
    if (suspension.then) {
      suspension.then(exchange_);
    } else {
      exchange_.wait_for(std::move(suspension.attempt));
    }
    if (exchange_.suspension_) continue;
    const std::string rest = std::exchange(suspended_rest_, {});
    execute(rest, exchange_.now_);
    while (!executing_ && !waiting_.empty()) {
      const std::string message = std::move(waiting_.front());
      waiting_.pop_front();
      accept(message, exchange_.now_);
    }
  }
}

SimulatedInstrument::Output SimulatedInstrument::read() {
  const auto lock = locked(mutex_);
  proceed(time_->now());
  Output result;
  if (output_) {
    result.response = std::exchange(output_, std::nullopt);
  } else if (executing_) {
    result.ready_at = exchange_.suspension_.due;
  }
  return result;
}

void SimulatedInstrument::report_unterminated() {
  const auto lock = locked(mutex_);
  if (!executing_ && !output_) status_.report(scpi::k_query_unterminated);
}

bool SimulatedInstrument::has_answer() {
  const auto lock = locked(mutex_);
  proceed(time_->now());
  return output_.has_value() || (executing_ && asked_);
}

void SimulatedInstrument::clear() {
  const auto lock = locked(mutex_);
  executing_ = false;
  output_.reset();
  making_.clear();
  waiting_.clear();
  suspended_rest_.clear();
  exchange_.suspension_ = {};
  opc_due_ = -1;
  model_->abort(time_->now());
}

std::uint8_t SimulatedInstrument::status_byte() {
  const auto lock = locked(mutex_);
  proceed(time_->now());
  model_->update(time_->now(), status_);
  return status_.status_byte(output_.has_value());
}

}  // namespace wheatstone::simulation
