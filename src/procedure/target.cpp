#include "procedure/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/text.hpp"
#include "instrument/conversation.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone::procedure {
namespace {

using profile::Command;
using profile::ResponseKind;

constexpr std::string_view k_channel = "channel(";

/// What may be meant by a quantity that does not exist: those of the driver first, then the model's commands.
std::vector<std::string> known_names(const Instrument& instrument, bool to_set) {
  std::vector<std::string> names;
  for (const Quantity& quantity : quantities_of(instrument.kind())) {
    const bool fits = to_set ? quantity.set != nullptr || quantity.set_word != nullptr : quantity.read != nullptr;
    if (fits) names.emplace_back(quantity.name);
  }
  for (const Command& command : instrument.conversation().profile().commands->commands()) {
    const bool fits = to_set ? command.can_set && command.parameters.size() == 1 : command.can_query;
    if (fits && std::ranges::find(names, command.id) == names.end()) names.push_back(command.id);
  }
  return names;
}

[[noreturn]] void refuse_quantity(const PlacedText& target, const TargetParts& parts, const Instrument& instrument,
                                  bool to_set) {
  const std::vector<std::string> near = base::nearest(parts.quantity, known_names(instrument, to_set));
  std::string why = fmt::format("'{}' ({}) has no '{}' to {}", parts.alias, instrument.profile_name(), parts.quantity,
                                to_set ? "set" : "read");
  if (!near.empty()) why += "; did you mean " + base::listed(near) + "?";
  target.fail(why, parts.quantity_at);
}

const Quantity* find_quantity(const Instrument& instrument, std::string_view name) {
  const auto all = quantities_of(instrument.kind());
  const auto found = std::ranges::find(all, name, &Quantity::name);
  return found == all.end() ? nullptr : &*found;
}

bool has_channel(const Command& command) {
  return command.channels == profile::Channels::list || command.channels == profile::Channels::suffix;
}

/// Where a model has steps, an instrument takes the nearest by itself: what is set would not be what was asked for.
void require_step(const instrument::Conversation& talk, const Command& command, double value) {
  const auto& steps = command.parameters.front().values;
  if (steps.empty() || std::ranges::find(steps, value) != steps.end()) return;
  throw LimitError(fmt::format("{}: {} is none of the model's steps of {}: {}", talk.alias(), base::shortest(value),
                               command.header(), fmt::join(steps, ", ")),
                   {.alias = talk.alias(), .model = talk.profile().name, .command = command.header()});
}

/// Of a command of the table that takes one value: what that is.
void take_parameter(SetTarget& made, const Command& command, int channel) {
  const profile::Parameter& parameter = command.parameters.front();
  made.unit = parameter.unit.label();
  if (parameter.role == profile::ParameterRole::set_point) made.limited = parameter.quantity;
  instrument::Conversation& talk = made.instrument->conversation();
  const auto tell = [&talk, &command, channel](profile::Term term) {
    if (has_channel(command)) {
      talk.tell(command, {term}, std::span(&channel, 1));
    } else {
      talk.tell(command, {term});
    }
  };
  switch (parameter.kind) {
    case profile::ParameterKind::number:
    case profile::ParameterKind::integer:
      made.set = [tell, &talk, &command](double value) {
        require_step(talk, command, value);
        tell(value);
      };
      break;
    case profile::ParameterKind::boolean:
      made.kind = Quantity::Kind::on_off;
      made.set = [tell](double on) { tell(on != 0); };
      break;
    case profile::ParameterKind::keyword:
    case profile::ParameterKind::string:
    case profile::ParameterKind::block:
    case profile::ParameterKind::raw:
      made.kind = Quantity::Kind::word;
      made.set_word = [tell](std::string_view word) { tell(word); };
      const profile::CommandTable* const table = talk.profile().commands.get();
      made.require_word = [table, &command, channel](std::string_view word) {
        (void)table->setting(command, {word}, has_channel(command) ? std::span(&channel, 1) : std::span<const int>());
      };
  }
}

Value value_of_answer(std::string_view answer) {
  if (const auto integer = scpi::parse_response_integer(answer)) return Value(static_cast<std::int64_t>(*integer));
  if (const auto number = scpi::parse_response_number(answer)) return Value(*number);
  return Value(scpi::parse_text_reply(answer));
}

std::function<Value()> query_of(instrument::Conversation& talk, const Command& command, int channel) {
  const auto ask = [&talk, &command, channel](auto asked) {
    return has_channel(command) ? asked(talk, command, std::span(&channel, 1))
                                : asked(talk, command, std::span<const int>());
  };
  switch (command.response) {
    case ResponseKind::number:
      return [ask] {
        return ask(
            [](auto& t, auto& c, std::span<const int> channels) { return Value(t.ask_number(c, {}, channels)); });
      };
    case ResponseKind::integer:
      return [ask] {
        return ask([](auto& t, auto& c, std::span<const int> channels) {
          return Value(static_cast<std::int64_t>(t.ask_number(c, {}, channels)));
        });
      };
    case ResponseKind::boolean:
      return [ask] {
        return ask([](auto& t, auto& c, std::span<const int> channels) { return Value(t.ask_boolean(c, channels)); });
      };
    default:
      return [ask] {
        return ask([](auto& t, auto& c, std::span<const int> channels) {
          return Value(scpi::parse_text_reply(t.ask_text(c, {}, channels)));
        });
      };
  }
}

}  // namespace

TargetParts parse_target(const PlacedText& target) {
  const std::string& text = target.text;
  TargetParts parts;
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
    target.fail(fmt::format("'{}' names no quantity of an instrument; write it as psu.channel(1).voltage", text));
  }
  parts.alias = text.substr(0, dot);
  std::size_t at = dot + 1;
  if (text.compare(at, k_channel.size(), k_channel) == 0) {
    at += k_channel.size();
    int number = 0;
    const auto read = std::from_chars(text.data() + at, text.data() + text.size(), number);
    const std::size_t end = static_cast<std::size_t>(read.ptr - text.data());
    if (read.ec != std::errc() || text.compare(end, 2, ").") != 0) {
      target.fail("a channel is a number, and its quantity follows: channel(1).voltage", at);
    }
    parts.channel = number;
    at = end + 2;
  }
  parts.quantity_at = at;
  parts.quantity = text.substr(at);
  const std::size_t open = parts.quantity.find('(');
  if (open == std::string::npos) return parts;
  parts.argument = parts.quantity.substr(open + 1);
  parts.quantity.resize(open);
  const auto quoted = [&](char quote) {
    return parts.argument.size() > 3 && parts.argument.front() == quote &&
           parts.argument.ends_with(std::string{quote, ')'});
  };
  if (parts.quantity != "query" || !(quoted('"') || quoted('\''))) {
    target.fail(R"(only query("TEXT?") and channel(1) have parentheses)", at + open);
  }
  parts.argument = parts.argument.substr(1, parts.argument.size() - 3);
  return parts;
}

Instrument& TargetBinder::instrument(const PlacedText& target, const std::string& alias) const {
  const std::vector<std::string> names = session_.instrument_names();
  if (std::ranges::find(names, alias) != names.end()) return session_.instrument(alias);
  const std::vector<std::string> near = base::nearest(alias, names);
  target.fail(fmt::format(
      "no instrument is called '{}'; {}", alias,
      near.empty() ? "there are " + base::listed(names, "and") : "did you mean " + base::listed(near) + "?"));
}

int TargetBinder::channel(const PlacedText& target, const TargetParts& parts, const Instrument& instrument,
                          bool per_channel) const {
  const auto known = instrument.conversation().profile().commands->channels();
  if (!per_channel) {
    if (parts.channel) target.fail(fmt::format("'{}' belongs to no channel", parts.quantity), parts.quantity_at);
    return 0;
  }
  std::string numbers;
  for (const int number : known) numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
  if (!parts.channel) {
    if (known.size() == 1) return known.front();
    target.fail(fmt::format("'{}' has the channels {}; say which, {}.channel({}).{}", parts.alias, numbers, parts.alias,
                            known.empty() ? 1 : known.front(), parts.quantity));
  }
  if (std::ranges::find(known, *parts.channel) == known.end()) {
    target.fail(fmt::format("'{}' has no channel {}; its channels are {}", parts.alias, *parts.channel, numbers));
  }
  return *parts.channel;
}

SetTarget TargetBinder::set(const PlacedText& target) const {
  const TargetParts parts = parse_target(target);
  SetTarget made;
  made.instrument = &instrument(target, parts.alias);
  Instrument& i = *made.instrument;
  if (parts.quantity == "write" && !parts.channel) {
    made.kind = Quantity::Kind::word;
    made.set_word = [&i](std::string_view text) { i.write(text); };
    return made;
  }
  if (const Quantity* const quantity = find_quantity(i, parts.quantity)) {
    if (quantity->set == nullptr && quantity->set_word == nullptr) refuse_quantity(target, parts, i, true);
    made.channel = channel(target, parts, i, quantity->per_channel);
    made.kind = quantity->kind;
    made.unit = quantity->unit;
    made.limited = quantity->limited;
    const int number = made.channel;
    if (quantity->set != nullptr) made.set = [&i, number, quantity](double value) { quantity->set(i, number, value); };
    if (quantity->set_word != nullptr) {
      made.set_word = [&i, number, quantity](std::string_view word) { quantity->set_word(i, number, word); };
      made.require_word = quantity->require_word;
    }
    return made;
  }
  const Command* const command = i.conversation().find(parts.quantity);
  if (command == nullptr || !command->can_set || command->parameters.size() != 1) {
    refuse_quantity(target, parts, i, true);
  }
  made.channel = channel(target, parts, i, has_channel(*command));
  take_parameter(made, *command, made.channel);
  return made;
}

ReadSource TargetBinder::read(const PlacedText& source) const {
  const TargetParts parts = parse_target(source);
  ReadSource made;
  made.instrument = &instrument(source, parts.alias);
  Instrument& i = *made.instrument;
  if (parts.quantity == "query" && !parts.channel) {
    if (parts.argument.empty()) source.fail(R"(write a question as query("TEXT?"))", parts.quantity_at);
    made.read = [&i, text = parts.argument] { return value_of_answer(i.query(text)); };
    return made;
  }
  if (const Quantity* const quantity = find_quantity(i, parts.quantity)) {
    if (quantity->read == nullptr) refuse_quantity(source, parts, i, false);
    const int number = channel(source, parts, i, quantity->per_channel);
    made.unit = quantity->unit;
    if (quantity->kind == Quantity::Kind::on_off) made.kind = expression::Variable::Kind::boolean;
    if (quantity->kind == Quantity::Kind::word) made.kind = expression::Variable::Kind::other;
    made.read = [&i, number, quantity] { return quantity->read(i, number); };
    return made;
  }
  const Command* const command = i.conversation().find(parts.quantity);
  if (command == nullptr || !command->can_query || command->response == ResponseKind::block) {
    refuse_quantity(source, parts, i, false);
  }
  const int number = channel(source, parts, i, has_channel(*command));
  if (!command->parameters.empty()) made.unit = command->parameters.front().unit.label();
  if (command->response == ResponseKind::boolean) {
    made.kind = expression::Variable::Kind::boolean;
  } else if (command->response != ResponseKind::number && command->response != ResponseKind::integer) {
    made.kind = expression::Variable::Kind::other;
  }
  made.read = query_of(i.conversation(), *command, number);
  return made;
}

TargetAction TargetBinder::action(const PlacedText& target) const {
  const TargetParts parts = parse_target(target);
  Instrument& i = instrument(target, parts.alias);
  std::vector<std::string> names;
  for (const Action& action : actions_of(i.kind())) {
    names.emplace_back(action.name);
    if (action.name != parts.quantity) continue;
    const int number = channel(target, parts, i, action.per_channel);
    return {&i, [&i, number, act = action.act] { act(i, number); }};
  }
  target.fail(fmt::format("'{}' ({}) has no action '{}'; it has {}, and what is set needs a value", parts.alias,
                          i.profile_name(), parts.quantity, base::listed(names, "and")),
              parts.quantity_at);
}

void TargetBinder::limit(const PlacedText& target, std::optional<double> minimum, std::optional<double> maximum) const {
  const SetTarget limited = set(target);
  if (limited.limited.empty()) target.fail(fmt::format("'{}' is no quantity that limits are kept of", target.text));
  constexpr double k_infinity = std::numeric_limits<double>::infinity();
  const InstrumentLock lock = limited.instrument->lock();
  try {
    limited.instrument->conversation().gate().narrow(
        {.channel = limited.channel,
         .quantity = limited.limited,
         .range = {minimum.value_or(-k_infinity), maximum.value_or(k_infinity)},
         .unit = Unit(limited.unit),
         .source = target.where()});
  } catch (const ConfigurationError& error) {
    target.fail(error.what());
  }
}

}  // namespace wheatstone::procedure
