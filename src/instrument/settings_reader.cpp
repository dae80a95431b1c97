#include "instrument/settings_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone::instrument {
namespace {

using profile::Channels;
using profile::Command;
using profile::ResponseKind;

/// Characters of a message, well within the input buffers of instruments.
constexpr std::size_t k_longest_message = 1'000;
/// Queries without an answer after which the instrument is taken for another than its profile.
constexpr int k_most_unanswered = 12;
/// IEEE 488.2-1992, 10.36: every instrument answers it, and it changes nothing. At the head of a message it sees to it
/// that something comes back even where no other query is understood.
constexpr std::string_view k_first = "*STB?";

std::optional<Value> value_of(const Command& command, std::string_view answer) {
  answer = base::trimmed(answer);
  if (answer.empty()) return std::nullopt;
  switch (command.response) {
    case ResponseKind::number:
      if (const auto number = scpi::parse_response_number(answer); number && std::isfinite(*number)) return *number;
      break;
    case ResponseKind::integer:
      if (const auto integer = scpi::parse_response_integer(answer)) return static_cast<std::int64_t>(*integer);
      if (const auto number = scpi::parse_response_number(answer); number && std::isfinite(*number)) return *number;
      break;
    case ResponseKind::boolean:
      if (const auto state = scpi::parse_boolean_reply(answer)) return *state;
      break;
    default:
      return scpi::parse_text_reply(answer);
  }
  // ±9.9E37, which stands for infinity, or one of the words that a number may be.
  if (scpi::parse_response_number(answer)) return std::string(answer);
  const auto& words = command.parameters.front().keywords;
  const bool is_word = std::any_of(words.begin(), words.end(), [&](const auto& word) { return word.matches(answer); });
  return is_word ? std::optional<Value>(std::string(answer)) : std::nullopt;
}

/// A reading of all settings in progress. The instrument is held.
class Inquiry {
 public:
  Inquiry(Conversation& talk, std::int64_t end) : talk_(talk), end_(end) {}

  [[nodiscard]] std::vector<Setting> read() {
    std::vector<SettingQuery> queries = setting_queries(*talk_.profile().commands);
    std::erase_if(queries, [&](const SettingQuery& query) {
      const auto& known = talk_.unanswered();
      return std::find(known.begin(), known.end(), query.command) != known.end();
    });
    std::span<const SettingQuery> rest(queries);
    while (!rest.empty()) {
      std::size_t length = k_first.size();
      std::size_t count = 0;
      while (count < rest.size() && (count == 0 || length + rest[count].text.size() + 2 <= k_longest_message))
        length += rest[count++].text.size() + 2;
      ask(rest.first(count));
      rest = rest.subspan(count);
    }
    return std::move(settings_);
  }

 private:
  /// Asks in one message; where the answers do not fit, in two halves, down to the query that is not answered.
  void ask(std::span<const SettingQuery> queries) {
    std::string message(k_first);
    for (const SettingQuery& query : queries) message += ";:" + query.text;
    const std::string answer = talk_.ask_as_it_stands(message, left());
    if (take(queries, answer)) return;
    static_cast<void>(talk_.read_errors());  // what the queries left there
    if (queries.size() > 1) {
      ask(queries.first(queries.size() / 2));
      ask(queries.subspan(queries.size() / 2));
      return;
    }
    if (++unanswered_ > k_most_unanswered) {
      talk_.refuse_answer(queries.front().text, answer, "an answer to that; is the profile that of the instrument?");
    }
    talk_.unanswered().push_back(queries.front().command);
  }

  [[nodiscard]] bool take(std::span<const SettingQuery> queries, std::string_view answer) {
    const std::vector<std::string_view> answers = scpi::split_reply(answer, ';');
    if (answers.size() != queries.size() + 1) return false;
    const std::size_t before = settings_.size();
    for (std::size_t i = 0; i < queries.size(); ++i) {
      if (append_settings(settings_, queries[i], answers[i + 1])) continue;
      settings_.resize(before);
      return false;
    }
    return true;
  }

  [[nodiscard]] Duration left() const {
    const std::int64_t left = end_ - talk_.clock().monotonic();
    if (left > 0) return Duration(std::chrono::nanoseconds(left));
    throw TimeoutError(fmt::format("{}: its settings were not all read in time", talk_.alias()),
                       {.alias = talk_.alias(), .model = talk_.profile().name, .address = talk_.address()});
  }

  Conversation& talk_;
  const std::int64_t end_;
  std::vector<Setting> settings_;
  int unanswered_ = 0;
};

}  // namespace

std::vector<SettingQuery> setting_queries(const profile::CommandTable& table) {
  std::vector<SettingQuery> queries;
  for (const Command& command : table.commands()) {
    if (!command.is_setting) continue;
    if (command.channels == Channels::suffix) {
      for (const int channel : table.channels())
        queries.push_back({&command, {channel}, table.query(command, {}, std::span(&channel, 1))});
    } else if (command.channels == Channels::list) {
      const std::vector<int> all(table.channels().begin(), table.channels().end());
      queries.push_back({&command, all, table.query(command, {}, all)});
    } else {
      queries.push_back({&command, {}, table.query(command)});
    }
  }
  return queries;
}

bool append_settings(std::vector<Setting>& out, const SettingQuery& query, std::string_view answer) {
  const std::vector<std::string_view> parts =
      query.channels.size() > 1 ? scpi::split_reply(answer) : std::vector<std::string_view>{answer};
  if (parts.size() != std::max<std::size_t>(query.channels.size(), 1)) return false;
  const std::size_t before = out.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::optional<Value> value = value_of(*query.command, parts[i]);
    if (!value) {
      out.resize(before);
      return false;
    }
    out.push_back({query.command->id, query.channels.empty() ? 0 : query.channels[i], std::move(*value)});
  }
  return true;
}

std::vector<Setting> read_settings(Conversation& talk, Duration within) {
  if (talk.profile().kind == profile::InstrumentKind::generic) return {};
  const std::int64_t begin = talk.clock().monotonic();
  // A quarter is kept for clearing a link that fell silent.
  const std::int64_t last_answer = begin + within.nanoseconds() / 4 * 3;
  return talk.by(begin + within.nanoseconds(), "asked for its settings",
                 [&] { return Inquiry(talk, last_answer).read(); });
}

}  // namespace wheatstone::instrument
