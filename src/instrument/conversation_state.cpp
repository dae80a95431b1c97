// A conversation's beginning and end, its lock, and what is done when an exchange failed.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <utility>

#include "base/blocking.hpp"
#include "base/revocation.hpp"
#include "base/text.hpp"
#include "instrument/conversation.hpp"
#include "instrument/named_error.hpp"
#include "io/socket.hpp"
#include "scpi/response.hpp"

namespace wheatstone::instrument {
namespace {

constexpr std::int64_t k_longest_close = 200'000'000;
/// Of clearing a link and reading the error queue after a time-out.
constexpr std::int64_t k_longest_recovery = 500'000'000;

std::string entries(const std::vector<InstrumentErrorEntry>& queue) {
  std::string text;
  for (const InstrumentErrorEntry& entry : queue) {
    text += fmt::format("{}{} \"{}\"", text.empty() ? "" : ", ", entry.number, entry.text);
  }
  return text;
}

/// -100 to -199 (SCPI-99 volume 2, section 21.8.9).
bool is_command_error(const InstrumentErrorEntry& entry) { return entry.number <= -100 && entry.number >= -199; }

}  // namespace

void Conversation::open() {
  transaction([&] {
    message_ = "*IDN?";
    send(message_);
    identity_ = base::trimmed(receive());
    check_identity();
    const std::vector<InstrumentErrorEntry> stale = drain_errors();
    if (!stale.empty())
      notes_.push_back(fmt::format("{}: an earlier user had left errors in its queue: {}", alias_, entries(stale)));
  });
}

void Conversation::check_identity() const {
  const ErrorContext context{
      .alias = alias_, .model = profile_->name, .address = address_, .command = "*IDN?", .answer = identity_};
  if (!profile_->identification.matches(identity_)) {
    throw ConfigurationError(
        fmt::format("{}: the instrument at {} says it is '{}', which is no {}; check the address or the profile",
                    alias_, address_, base::excerpt(identity_), profile_->name),
        context);
  }
  if (serial_number_.empty()) return;
  const auto fields = scpi::split_reply(identity_);
  const std::string_view serial = fields.size() > 2 ? base::trimmed(fields[2]) : std::string_view{};
  if (base::equal_ignoring_case(serial, serial_number_)) return;
  throw ConfigurationError(fmt::format("{}: the instrument at {} has the serial number '{}', not '{}'", alias_,
                                       address_, serial, serial_number_),
                           context);
}

// ---- The lock ------------------------------------------------------------------------------------------------------

void Conversation::lock() {
  require_usable();
  if (mutex_.try_lock()) [[likely]]
    return;
  static_cast<void>(lock_until(INT64_MAX));
}

bool Conversation::lock_until(std::int64_t deadline) {
  if (mutex_.try_lock()) return true;
  if (clock_->is_virtual()) {
    return mutex_.lock_handed(
        [&](std::stop_token handed) { static_cast<void>(clock_->wait_until(deadline, std::move(handed))); });
  }
  const base::BlockingRegion region;
  while (true) {
    const std::int64_t left = deadline - clock_->monotonic();
    const std::int64_t slice = std::clamp<std::int64_t>(left, 0, base::k_interruption_check);
    if (mutex_.try_lock_for(slice)) return true;
    if (base::interruption_requested()) throw Interrupted(fmt::format("Waiting for {} was interrupted", alias_));
    if (left <= slice) return false;
  }
}

void Conversation::lock_by(std::int64_t end, std::string_view could_not_be) {
  require_usable();
  if (lock_until(end)) return;
  throw TimeoutError(fmt::format("{}: another thread holds it, so it could not be {} in time", alias_, could_not_be),
                     {.alias = alias_, .model = profile_->name, .address = address_});
}

void Conversation::require_usable() const {
  if (!process_.in_own_process()) [[unlikely]]
    process_.require_own_process("The instrument '" + alias_ + "'");
  if (base::thread_is_revoked()) [[unlikely]] {
    throw ConfigurationError(
        fmt::format("{}: the task of this thread outlived its run and may not use its instruments any more", alias_),
        {.alias = alias_, .model = profile_->name});
  }
}

/// Takes the lock for a transaction. A link that an earlier one left cut off is cleared first.
void Conversation::enter() {
  lock();
  try {
    if (!is_open()) [[unlikely]] {
      throw ConnectionError(fmt::format("{}: it was closed; connect it again", alias_),
                            {.alias = alias_, .model = profile_->name, .address = address_});
    }
    if (must_clear_) [[unlikely]] {
      if (cancelled_.load()) throw Interrupted(fmt::format("{}: the run was aborted", alias_), {.alias = alias_});
      transport_->clear(deadline());
      must_clear_ = false;
    }
  } catch (const Error&) {
    unlock();
    rethrow_named({.alias = alias_, .model = profile_->name, .address = address_});
  } catch (...) {
    unlock();
    throw;
  }
}

std::int64_t Conversation::deadline() const {
  const std::int64_t now = clock_->monotonic();
  const std::int64_t timeout = timeout_.load(std::memory_order_relaxed);
  return std::min(timeout > INT64_MAX - now ? INT64_MAX / 2 : now + timeout, last_deadline_);
}

// ---- When an exchange failed
// -----------------------------------------------------------------------------------------

/// Rethrows the exception in hand, complete: who, where, what was sent. Nothing is half-read afterwards.
void Conversation::complete_error() {
  const ErrorContext context{.alias = alias_, .model = profile_->name, .address = address_, .command = message_};
  try {
    throw;
  } catch (TimeoutError& error) {
    if (!error.context().command.empty()) throw;  // a transaction within this one has seen to it
    raise_timeout(error.what());
  } catch (Interrupted& error) {
    must_clear_ = true;
    error.add_context(context);
    throw;
  } catch (LimitError& error) {
    error.add_context({.alias = alias_, .model = profile_->name, .address = address_});
    throw;
  } catch (const Error&) {
    rethrow_named(context);
  }
}

void Conversation::recover_link() {
  message_.clear();
  transport_->clear(deadline());
}

/// Clears and reads the queue. Whoever waited for an answer in vain does not wait as long once more.
std::vector<InstrumentErrorEntry> Conversation::recover_from_silence() {
  const std::int64_t begin = clock_->monotonic();
  const Bounded bounded(this, begin + std::min(timeout_.load(), k_longest_recovery));
  recover_link();
  return drain_errors();
}

void Conversation::raise_timeout(const std::string& why) {
  const std::string command = message_;
  const double seconds = static_cast<double>(allowed_) * 1e-9;
  const ErrorContext context{.alias = alias_, .model = profile_->name, .address = address_, .command = command};
  const std::string failed =
      fmt::format("{}: '{}' was not answered within {:.4g} s", alias_, base::excerpt(command), seconds);
  if (identity_.empty()) {
    throw TimeoutError(fmt::format("{} by {}; does it speak SCPI, and is the address right?", failed, address_),
                       context);
  }
  std::string found = "its link was cleared";
  std::vector<std::string> attached;
  try {
    const std::vector<InstrumentErrorEntry> queue = recover_from_silence();
    if (!queue.empty()) found += " and its error queue held " + entries(queue);
    if (std::ranges::any_of(queue, is_command_error)) found += ", so it did not understand what was sent; correct that";
  } catch (const Error& error) {
    must_clear_ = true;
    found = "clearing its link failed too";
    attached.emplace_back(error.what());
  }
  const std::string more = why == io::k_no_answer ? "" : ". " + why;
  TimeoutError complete(fmt::format("{}; {}{}", failed, found, more), context);
  for (std::string& text : attached) complete.attach(std::move(text));
  throw complete;
}

void Conversation::refuse_answer(std::string_view command, const std::string& answer, std::string_view expected) {
  CommunicationError refusal(fmt::format("{}: '{}' was answered with '{}', which is not {}", alias_,
                                         base::excerpt(command), base::excerpt(answer), expected),
                             {.alias = alias_,
                              .model = profile_->name,
                              .address = address_,
                              .command = std::string(command),
                              .answer = answer});
  try {
    const Bounded bounded(this, clock_->monotonic() + std::min(timeout_.load(), k_longest_recovery));
    recover_link();
    if (!error_query_.empty()) {
      send(error_query_);
      const auto entry = scpi::parse_error_reply(receive());
      if (entry && entry->number != 0) refusal.attach(fmt::format("{} \"{}\"", entry->number, entry->text));
    }
  } catch (const Error& error) {
    must_clear_ = true;
    refusal.attach(error.what());
  }
  throw refusal;
}

// ---- The instrument as a whole
// -----------------------------------------------------------------------------------------

void Conversation::reset() {
  transaction([&] {
    ++raw_count_;
    ++reset_count_;
    message_ = "*RST";
    send(message_);
    made_on_.clear();
    selected_channel_ = 1;
    raise_queue();
  });
}

void Conversation::clear() {
  lock();
  const Held held(this);
  try {
    ++raw_count_;
    message_ = "device clear";
    transport_->clear(deadline());
    must_clear_ = false;
  } catch (const Error&) {
    rethrow_named({.alias = alias_, .model = profile_->name, .address = address_});
  }
}

void Conversation::clear_status() {
  transaction([&] {
    message_ = "*CLS";
    send(message_);
  });
}

std::uint8_t Conversation::status_byte() {
  return transaction([&] {
    message_ = "*STB?";
    return transport_->read_status_byte(deadline());
  });
}

bool Conversation::on_service_request(std::function<void(std::uint8_t)> callback) {
  return transaction([&] { return transport_->on_service_request(std::move(callback)); });
}

InstrumentErrorEntry Conversation::next_error() {
  return transaction([&] {
    message_ = error_query_;
    return error_query_.empty() ? InstrumentErrorEntry{} : read_error();
  });
}

std::vector<InstrumentErrorEntry> Conversation::read_errors() {
  return transaction([&] {
    message_ = error_query_;
    return drain_errors();
  });
}

void Conversation::trigger() {
  transaction([&] {
    message_ = "*TRG";
    transport_->trigger(deadline());
  });
}

void Conversation::wait_for_operation_complete(Duration within) {
  transaction([&] {
    message_ = "*OPC?";
    send(message_);
    allowed_ = within.nanoseconds();
    static_cast<void>(transport_->read_message(std::min(clock_->monotonic() + within.nanoseconds(), last_deadline_)));
  });
}

void Conversation::set_timeout(Duration timeout) {
  if (timeout <= Duration{}) {
    throw ConfigurationError(
        fmt::format("{}: a time-out of {} s is none; give a positive time", alias_, timeout.seconds()),
        {.alias = alias_});
  }
  timeout_.store(timeout.nanoseconds());
}

void Conversation::cancel() noexcept {
  cancelled_.store(true);
  if (process_.in_own_process()) transport_->cancel();
}

void Conversation::resume_after_cancel() noexcept {
  if (process_.in_own_process()) transport_->reset_cancel();
  cancelled_.store(false);
}

void Conversation::close() noexcept {
  if (!process_.in_own_process() || !open_.exchange(false)) return;
  bool locked = false;
  try {
    locked = lock_until(clock_->monotonic() + k_longest_close);
    if (!locked) {
      transport_->cancel();  // whoever holds it is waiting for an answer that nobody needs any more
      locked = lock_until(clock_->monotonic() + k_longest_close);
    }
  } catch (const Interrupted&) {
  }
  transport_->close();
  held_.reset();
  if (locked) unlock();
}

void Conversation::make_safe(Duration within, const std::function<void()>& off) {
  process_.require_own_process("The instrument '" + alias_ + "'");
  const std::int64_t begin = clock_->monotonic();
  const std::int64_t end = begin + within.nanoseconds();
  resume_after_cancel();
  bool locked = lock_until(begin + within.nanoseconds() / 3);
  if (!locked) {
    transport_->cancel();
    locked = lock_until(begin + within.nanoseconds() * 2 / 3);
    transport_->reset_cancel();
  }
  if (!locked) {
    throw TimeoutError(fmt::format("{}: another thread holds it, so it could not be made safe within {} s", alias_,
                                   base::shortest(within.seconds())),
                       {.alias = alias_, .model = profile_->name, .address = address_});
  }
  const Held held(this);
  if (made_on_.empty()) return;
  last_deadline_ = clock_->monotonic() + (end - clock_->monotonic()) / 2;
  try {
    off();
  } catch (const InstrumentError&) {
    last_deadline_ = INT64_MAX;
    throw;
  } catch (const Error& first) {
    last_deadline_ = end;
    try {
      recover_link();
      must_clear_ = false;
      off();
    } catch (Error& second) {
      last_deadline_ = INT64_MAX;
      second.attach(first.what());
      throw;
    }
  }
  last_deadline_ = INT64_MAX;
}

}  // namespace wheatstone::instrument
