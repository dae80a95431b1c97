#include "session/control_message.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <wheatstone/error.hpp>

#include "session/run_document.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

constexpr std::array k_actions = {Action::pause, Action::resume, Action::step, Action::stop, Action::abort};
constexpr std::array<std::string_view, k_actions.size()> k_words = {"pause", "resume", "step", "stop", "abort"};

}  // namespace

std::string_view name_of(Action action) { return k_words.at(static_cast<std::size_t>(action)); }

Action action_named(std::string_view word) {
  const auto found = std::ranges::find(k_words, word);
  if (found == k_words.end()) {
    throw ConfigurationError(
        fmt::format("a run cannot be asked to '{}'; ask it to pause, resume, step, stop or abort", word));
  }
  return k_actions.at(static_cast<std::size_t>(found - k_words.begin()));
}

}  // namespace v1

namespace session {
namespace {

constexpr std::string_view k_version_key = "wheatstone";
constexpr std::string_view k_progress_word = "progress";
constexpr std::size_t k_longest_id = 200;  // characters of JSON

constexpr std::array k_states = {RunState::preparing, RunState::running,  RunState::paused,
                                 RunState::stopping,  RunState::finished, RunState::stopped,
                                 RunState::failed,    RunState::aborted,  RunState::killed};

io::Document with_version(const io::Document& id) {
  io::Document document = io::Document::object({{std::string(k_version_key), k_control_version}});
  if (!id.is_null()) document["id"] = id;
  return document;
}

io::Document document_of(const Progress& progress) {
  io::Document document = io::Document::object({{"done", progress.done}, {"elapsed_s", progress.elapsed.seconds()}});
  if (progress.total) document["total"] = *progress.total;
  if (progress.rate > 0) document["rate"] = progress.rate;
  if (progress.remaining) document["remaining_s"] = progress.remaining->seconds();
  if (!progress.reason.empty()) document["reason"] = progress.reason;
  io::Document parameters = io::Document::object();
  for (const Row::Entry& entry : progress.parameters) parameters[entry.key] = document_of_value(entry.value);
  document["parameters"] = std::move(parameters);
  return document;
}

double number(const io::Document& document, std::string_view key) {
  const io::Document* found = document.find(key);
  if (found == nullptr) return 0;
  if (const double* real = found->get_if<double>()) return *real;
  const std::int64_t* whole = found->get_if<std::int64_t>();
  return whole != nullptr ? static_cast<double>(*whole) : 0;
}

/// Of a server that is perhaps none of ours: an absurd length is cut to one that a Duration holds.
Duration seconds(const io::Document& document, std::string_view key) {
  return Duration::from_seconds(std::clamp(number(document, key), -9e9, 9e9));
}

std::uint64_t count(const io::Document& document, std::string_view key) {
  const io::Document* found = document.find(key);
  const std::int64_t* whole = found != nullptr ? found->get_if<std::int64_t>() : nullptr;
  return whole != nullptr ? static_cast<std::uint64_t>(*whole) : 0;
}

Value value_of(const io::Document& document) {
  if (const bool* b = document.get_if<bool>()) return *b;
  if (const std::int64_t* i = document.get_if<std::int64_t>()) return *i;
  if (const double* d = document.get_if<double>()) return *d;
  if (const std::string* s = document.get_if<std::string>()) return *s;
  return {};
}

Progress progress_of(const io::Document& document, std::string_view state) {
  Progress progress{.done = count(document, "done"), .elapsed = seconds(document, "elapsed_s")};
  for (const RunState known : k_states) {
    if (name_of(known) == state) progress.state = known;
  }
  if (document.find("total") != nullptr) progress.total = count(document, "total");
  progress.rate = number(document, "rate");
  if (document.find("remaining_s") != nullptr) {
    progress.remaining = seconds(document, "remaining_s");
  }
  progress.reason = document.text({"reason"});
  if (const io::Document* parameters = document.find("parameters"); parameters != nullptr && parameters->is_object()) {
    for (const auto& [name, value] : parameters->members()) progress.parameters.push_back({name, value_of(value)});
  }
  return progress;
}

void require_version(const io::Document& message, std::string_view what) {
  const io::Document* found = message.is_object() ? message.find(k_version_key) : nullptr;
  const std::int64_t* version = found != nullptr ? found->get_if<std::int64_t>() : nullptr;
  if (version == nullptr) {
    throw DataError(fmt::format("this is no {}: it has no \"wheatstone\": 1", what));
  }
  if (*version != k_control_version) {
    throw DataError(fmt::format("this {} is of version {}, and only version {} is known; use programs of one version",
                                what, *version, k_control_version));
  }
}

/// None for progress alone.
std::optional<Action> wanted_by(std::string_view word) {
  if (word == k_progress_word) return std::nullopt;
  const auto found = std::ranges::find(k_words, word);
  if (found != k_words.end()) return k_actions.at(static_cast<std::size_t>(found - k_words.begin()));
  throw DataError(
      "the request has no \"request\" that is one of progress, pause, resume, step, stop, abort; see "
      "docs/formats/control.md");
}

}  // namespace

ControlRequest parse_control_request(std::string_view line) {
  ControlRequest request;
  try {
    const io::Document message = io::Document::parse(line);
    if (const io::Document* id = message.find("id"); id != nullptr && id->dump().size() <= k_longest_id) {
      request.id = *id;
    } else if (id != nullptr) {
      throw DataError(fmt::format("the request's id is longer than {} characters; give a shorter one", k_longest_id));
    }
    require_version(message, "request");
    request.action = wanted_by(message.text({"request"}));
  } catch (const DataError& error) {
    request.error = error.what();
  }
  return request;
}

std::string control_request(std::optional<Action> action) {
  io::Document message = with_version({});
  message["request"] = action ? name_of(*action) : k_progress_word;
  return message.dump();
}

std::string control_answer(const ControlRequest& request, std::string_view run, const Progress& progress) {
  io::Document answer = with_version(request.id);
  answer["ok"] = true;
  answer["run"] = run;
  answer["state"] = name_of(progress.state);
  answer["progress"] = document_of(progress);
  return answer.dump();
}

std::string control_refusal(const io::Document& id, std::string_view sentence) {
  io::Document answer = with_version(id);
  answer["ok"] = false;
  answer["error"] = sentence;
  return answer.dump();
}

Progress parse_control_answer(std::string_view line) {
  const io::Document answer = io::Document::parse(line);
  require_version(answer, "answer");
  const io::Document* ok = answer.find("ok");
  const bool* accepted = ok != nullptr ? ok->get_if<bool>() : nullptr;
  if (accepted == nullptr) throw DataError("this is no answer of a run: it has no \"ok\"");
  if (!*accepted) throw ConfigurationError(answer.text({"error"}, "the run refused and did not say why"));
  const io::Document* progress = answer.find("progress");
  if (progress == nullptr) throw DataError("this is no answer of a run: it has no \"progress\"");
  return progress_of(*progress, answer.text({"state"}));
}

}  // namespace session
}  // namespace wheatstone
