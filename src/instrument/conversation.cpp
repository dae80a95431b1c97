#include "instrument/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/blocking.hpp"
#include "base/text.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone::instrument {
namespace {

ErrorContext context_of(const Connection& connection) {
  return {.alias = connection.alias,
          .model = connection.profile->name,
          .address = connection.transport ? connection.transport->address() : std::string{}};
}

/// "SYST:ERR?" for "SYSTem:ERRor?"; empty for an instrument that has none.
std::string shortest_query(std::string_view printed) {
  std::string text;
  if (printed.empty()) return text;
  scpi::Pattern(printed).append_shortest(text);
  return text + "?";
}

}  // namespace

Conversation::Conversation(Connection connection)
    : alias_(connection.alias),
      profile_(connection.profile),
      kind_(profile::name_of(profile_->kind)),
      clock_(connection.clock),
      simulated_(connection.simulated),
      shared_(connection.shared),
      serial_number_(connection.serial_number),
      error_query_(shortest_query(profile_->error_query)),
      address_(connection.transport->address()),
      timeout_(connection.timeout.nanoseconds()),
      gate_(profile_, context_of(connection)) {
  transport_ = std::move(connection.transport);
  held_ = std::move(connection.held);
  message_.reserve(128);
}

Conversation::~Conversation() {
  if (process_.in_own_process()) {
    close();
  } else {
    static_cast<void>(transport_.release());  // the parent's, and so are the locks inside of it
    static_cast<void>(new std::shared_ptr<void>(std::move(held_)));
  }
}

const profile::Command& Conversation::need(const profile::Command* command, std::string_view what) const {
  if (command != nullptr) return *command;
  throw ConfigurationError(fmt::format("{}: the profile {} has no command to {}", alias_, profile_->name, what),
                           {.alias = alias_, .model = profile_->name, .address = address_});
}

void Conversation::tell(const profile::Command& command, std::initializer_list<profile::Term> terms,
                        std::span<const int> channels) {
  const Step step{.command = &command, .terms = {terms.begin(), terms.size()}, .channels = channels};
  tell(std::span(&step, 1));
}

void Conversation::tell(std::span<const Step> steps) {
  transaction([&] {
    check(steps);
    if (rehearsing_) [[unlikely]]
      return;
    if (!gate_.narrowed().empty()) check_before_on(steps);
    note_before(steps);
    exchange(steps);
    note_after(steps);
  });
}

void Conversation::tell_only(std::span<const Step> steps) {
  transaction([&] {
    check(steps);
    if (rehearsing_) [[unlikely]]
      return;
    if (!gate_.narrowed().empty()) check_before_on(steps);
    note_before(steps);
    format(steps);
    send(message_);
    note_after(steps);
  });
}

std::string Conversation::ask(const Step& question, std::span<const Step> before, Duration more_time) {
  return transaction([&] {
    check(before);
    gate_.check(question, selected_channel_);
    format(before);
    if (!message_.empty()) message_ += ";:";
    profile_->commands->append_query(message_, *question.command, question.terms, question.channels);
    send(message_);
    return receive(more_time);
  });
}

double Conversation::ask_number(const profile::Command& command, std::initializer_list<profile::Term> terms,
                                std::span<const int> channels) {
  const Step step{.command = &command, .terms = {terms.begin(), terms.size()}, .channels = channels, .is_query = true};
  return transaction([&] { return number_in(ask(step), command); });
}

bool Conversation::ask_boolean(const profile::Command& command, std::span<const int> channels) {
  return transaction([&] {
    const std::string answer = ask({.command = &command, .channels = channels, .is_query = true});
    const auto state = scpi::parse_boolean_reply(answer);
    if (!state) refuse_answer(message_, answer, "0 or 1");
    return *state;
  });
}

std::string Conversation::ask_text(const profile::Command& command, std::initializer_list<profile::Term> terms,
                                   std::span<const int> channels) {
  const Step step{.command = &command, .terms = {terms.begin(), terms.size()}, .channels = channels, .is_query = true};
  return transaction([&] { return scpi::parse_text_reply(base::trimmed(ask(step))); });
}

std::string Conversation::ask_as_it_stands(std::string_view message, Duration within) {
  return transaction([&] {
    message_ = message;
    answer_due_ = std::min(clock_->monotonic() + within.nanoseconds(), last_deadline_);
    allowed_ = within.nanoseconds();
    transport_->write(message_, answer_due_);
    return transport_->read_message(answer_due_);
  });
}

double Conversation::number_in(const std::string& answer, const profile::Command& asked) {
  if (const auto number = scpi::parse_response_number(answer)) [[likely]]
    return *number;
  refuse_answer(message_.empty() ? asked.header() + "?" : std::string(message_), answer, "a number");
}

Reading Conversation::reading_of(std::string answer, const profile::Command& asked, std::string_view quantity,
                                 Unit unit, Time at) {
  Reading reading;
  reading.value = number_in(answer, asked);
  if (!std::isfinite(reading.value)) [[unlikely]] {
    reading.status = std::isnan(reading.value) ? ReadingStatus::not_a_number
                     : reading.value > 0       ? ReadingStatus::overload
                                               : ReadingStatus::overload_low;
  }
  reading.unit = unit;
  reading.at = at;
  reading.text = std::move(answer);
  reading.instrument = alias_;
  reading.quantity = quantity;
  return reading;
}

// ---- One exchange --------------------------------------------------------------------------------------------------

void Conversation::check(std::span<const Step> steps) const {
  for (const Step& step : steps) gate_.check(step, selected_channel_);
}

/// With a bench's limits: an output gives what was set before, by a reset or at the front panel, as well.
void Conversation::check_before_on(std::span<const Step> steps) {
  std::vector<SetQuantity> sent;
  std::vector<int> switched_on;
  for (const Step& step : steps) {
    const auto& parameters = step.command->parameters;
    for (std::size_t i = 0; i < std::min(step.terms.size(), parameters.size()); ++i) {
      const bool is_on = MadeOn::is_switch(parameters[i].quantity) && step.terms[i].number() != 0;
      const auto add = [&](int channel) {
        if (is_on)
          switched_on.push_back(channel);
        else
          sent.push_back({parameters[i].quantity, channel});
      };
      if (step.channels.empty()) add(selected_channel_);
      for (const int channel : step.channels) add(channel);
    }
  }
  for (const int channel : switched_on) check_before_on(channel, sent);
}

void Conversation::check_before_on(int channel, const std::vector<SetQuantity>& also_sent) {
  if (profile_->kind != profile::InstrumentKind::power_supply) return;  // others switch no sources of their own
  for (const SetQuantity& limited : gate_.narrowed()) {
    if (limited.channel != channel || std::find(also_sent.begin(), also_sent.end(), limited) != also_sent.end())
      continue;
    for (const profile::Command& command : profile_->commands->commands()) {
      if (!command.is_setting || command.parameters.front().role != profile::ParameterRole::set_point) continue;
      if (command.parameters.front().quantity != limited.quantity) continue;
      const double present = ask_number(command, {}, std::span(&channel, 1));
      try {
        gate_.limits().check(channel, limited.quantity, present, command.header());
      } catch (const LimitError& error) {
        throw LimitError(
            fmt::format("{}: channel {} is not switched on with what it is set to: {}", alias_, channel, error.what()),
            error.context());
      }
      break;
    }
  }
}

void Conversation::format(std::span<const Step> steps) {
  message_.clear();
  for (const Step& step : steps) {
    if (!message_.empty()) message_ += ";:";
    profile_->commands->append_setting(message_, *step.command, step.terms, step.channels);
  }
}

void Conversation::send(const std::string& message) {
  if (rehearsing_) [[unlikely]]
    throw Unanswered();
  answer_due_ = deadline();
  allowed_ = timeout_.load(std::memory_order_relaxed);
  transport_->write(message, answer_due_);
}

std::string Conversation::receive(Duration more_time) {
  const std::int64_t more = std::min(more_time.nanoseconds(), INT64_MAX - answer_due_);
  allowed_ += more;
  return transport_->read_message(std::min(answer_due_ + more, last_deadline_));
}

void Conversation::exchange(std::span<const Step> steps) {
  format(steps);
  const bool alone = std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.command->alone; });
  if (error_query_.empty()) return send(message_);
  if (alone || !profile_->error_query_rides) {
    send(message_);
    return raise_queue();
  }
  const std::size_t length = message_.size();
  message_ += ";:";
  message_ += error_query_;
  send(message_);
  const std::string answer = receive();
  message_.resize(length);
  raise_errors(answer);
}

void Conversation::raise_errors(const std::string& first_answer) {
  if (first_answer.starts_with("+0,") || first_answer.starts_with("0,")) [[likely]]
    return;
  const auto first = scpi::parse_error_reply(first_answer);
  if (!first) refuse_answer(error_query_, first_answer, "an entry of the error queue");
  if (first->number == 0) return;
  const std::string command = message_;
  std::vector<InstrumentErrorEntry> queue{{first->number, first->text}};
  for (InstrumentErrorEntry& entry : drain_errors()) queue.push_back(std::move(entry));
  std::string more;
  for (std::size_t i = 1; i < queue.size(); ++i)
    more += fmt::format(", then {} \"{}\"", queue[i].number, queue[i].text);
  throw InstrumentError(fmt::format("{}: the instrument answered '{}' with error {} \"{}\"{}", alias_,
                                    base::excerpt(command), queue.front().number, queue.front().text, more),
                        queue, {.command = command});
}

void Conversation::raise_queue() {
  if (error_query_.empty()) return;
  send(error_query_);
  raise_errors(receive());
}

InstrumentErrorEntry Conversation::read_error() {
  send(error_query_);
  const std::string answer = receive();
  const auto entry = scpi::parse_error_reply(answer);
  if (!entry) refuse_answer(error_query_, answer, "an entry of the error queue");
  return {entry->number, entry->text};
}

std::vector<InstrumentErrorEntry> Conversation::drain_errors() {
  std::vector<InstrumentErrorEntry> queue;
  if (error_query_.empty()) return queue;
  // One more than the queue holds, for the one that says it overflowed; an instrument that never says 0 is left alone.
  for (int i = 0; i <= profile_->error_queue_length; ++i) {
    InstrumentErrorEntry entry = read_error();
    if (entry.number == 0) return queue;
    queue.push_back(std::move(entry));
  }
  return queue;
}

void Conversation::note_before(std::span<const Step> steps) {
  for (const Step& step : steps) {
    const auto& parameters = step.command->parameters;
    for (std::size_t i = 0; i < std::min(step.terms.size(), parameters.size()); ++i) {
      if (step.terms[i].kind() != profile::Term::Kind::boolean || step.terms[i].number() == 0) continue;
      if (!MadeOn::is_switch(parameters[i].quantity)) continue;
      if (step.channels.empty()) made_on_.note(parameters[i].quantity, selected_channel_, true);
      for (const int channel : step.channels) made_on_.note(parameters[i].quantity, channel, true);
    }
  }
}

void Conversation::note_after(std::span<const Step> steps) {
  for (const Step& step : steps) {
    const auto& parameters = step.command->parameters;
    for (std::size_t i = 0; i < std::min(step.terms.size(), parameters.size()); ++i) {
      if (step.terms[i].kind() != profile::Term::Kind::boolean || step.terms[i].number() != 0) continue;
      if (!MadeOn::is_switch(parameters[i].quantity)) continue;
      if (step.channels.empty()) made_on_.note(parameters[i].quantity, selected_channel_, false);
      for (const int channel : step.channels) made_on_.note(parameters[i].quantity, channel, false);
    }
  }
}

// ---- Raw text ------------------------------------------------------------------------------------------------------

void Conversation::write_text(std::string_view text, bool check_errors) {
  text = base::trimmed(text);
  transaction([&] {
    const RawEffects effects = gate_.check(text, selected_channel_);
    if (rehearsing_) [[unlikely]] {
      note_set_behind();
      return;
    }
    for (const Switching& s : effects.switches) {
      if (!s.on) continue;
      if (!gate_.narrowed().empty()) check_before_on(s.channel, effects.sets);
      made_on_.note(s.quantity, s.channel, true);
    }
    ++raw_count_;
    message_ = text;
    send(message_);
    selected_channel_ = effects.selected_channel;
    for (const Switching& s : effects.switches) made_on_.note(s.quantity, s.channel, s.on);
    if (effects.resets) {
      ++reset_count_;
      made_on_.clear();
    }
    if (check_errors && !effects.is_block) raise_queue();
  });
}

std::string Conversation::query_text(std::string_view text, bool check_errors) {
  text = base::trimmed(text);
  return transaction([&] {
    const RawEffects effects = gate_.check(text, selected_channel_);
    for (const Switching& s : effects.switches) {
      if (s.on && !gate_.narrowed().empty()) check_before_on(s.channel, effects.sets);
      made_on_.note(s.quantity, s.channel, s.on);
    }
    ++raw_count_;
    message_ = text;
    send(message_);
    selected_channel_ = effects.selected_channel;
    std::string answer = receive();
    if (check_errors) raise_queue();
    return answer;
  });
}

}  // namespace wheatstone::instrument
