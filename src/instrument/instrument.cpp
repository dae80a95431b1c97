#include <wheatstone/instrument.hpp>

#include <fmt/format.h>
#include <cstring>

#include "base/text.hpp"
#include "instrument/conversation.hpp"
#include "instrument/settings_reader.hpp"
#include "instrument/settings_writer.hpp"
#include "scpi/block.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone {
inline namespace v1 {

InstrumentLock::InstrumentLock(InstrumentLock&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
InstrumentLock::~InstrumentLock() { release(); }
void InstrumentLock::release() noexcept {
  if (held_ != nullptr) std::exchange(held_, nullptr)->unlock();
}

Instrument::Instrument(std::unique_ptr<instrument::Conversation> conversation)
    : conversation_(std::move(conversation)) {}
Instrument::~Instrument() = default;

const std::string& Instrument::alias() const { return conversation_->alias(); }
const std::string& Instrument::profile_name() const { return conversation_->profile().name; }
const std::string& Instrument::kind() const { return conversation_->kind(); }
std::string Instrument::address() const { return conversation_->address(); }
bool Instrument::is_simulated() const { return conversation_->is_simulated(); }
const std::string& Instrument::identity() const { return conversation_->identity(); }
const std::vector<std::string>& Instrument::connection_notes() const { return conversation_->notes(); }

std::string Instrument::id() { return std::string(base::trimmed(conversation_->query_text("*IDN?", false))); }
void Instrument::reset() { conversation_->reset(); }
void Instrument::clear() { conversation_->clear(); }
void Instrument::clear_status() { conversation_->clear_status(); }

void Instrument::write(std::string_view text) { conversation_->write_text(text, true); }
void Instrument::write_unchecked(std::string_view text) { conversation_->write_text(text, false); }
std::string Instrument::query(std::string_view text) { return conversation_->query_text(text, true); }
std::string Instrument::query_unchecked(std::string_view text) { return conversation_->query_text(text, false); }

Bytes Instrument::query_block(std::string_view text) {
  return conversation_->transaction([&] {
    const std::string answer = conversation_->query_text(text, false);
    const auto contents = scpi::parse_block(answer);
    if (!contents) conversation_->refuse_answer(text, answer, "a block of IEEE 488.2");
    Bytes bytes(contents->size());
    if (!bytes.empty()) std::memcpy(bytes.data(), contents->data(), contents->size());
    return bytes;
  });
}

std::uint8_t Instrument::status_byte() { return conversation_->status_byte(); }
InstrumentErrorEntry Instrument::next_error() { return conversation_->next_error(); }
std::vector<InstrumentErrorEntry> Instrument::read_errors() { return conversation_->read_errors(); }

int Instrument::self_test(Duration within) {
  const auto& command = conversation_->need(conversation_->find("self_test"), "test itself");
  return conversation_->transaction([&] {
    const std::string answer = conversation_->ask({.command = &command, .is_query = true}, {}, within);
    const auto result = scpi::parse_response_integer(answer);
    if (!result) conversation_->refuse_answer("*TST?", answer, "an integer");
    return static_cast<int>(*result);
  });
}

void Instrument::wait_for_operation_complete(Duration within) { conversation_->wait_for_operation_complete(within); }
void Instrument::trigger_now() { conversation_->trigger(); }

HealthReport Instrument::health_check() {
  HealthReport report;
  try {
    report.identity = id();
    for (const InstrumentErrorEntry& entry : read_errors())
      report.warnings.push_back(fmt::format("{}, {}", entry.number, entry.text));
    if (!report.warnings.empty()) report.status = HealthReport::Status::warning;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    report.status = HealthReport::Status::error;
    report.errors.emplace_back(error.what());
  }
  return report;
}

void Instrument::lock_panel(bool locked) {
  if (const profile::Command* const lock = conversation_->find("lock")) return conversation_->tell(*lock, {locked});
  conversation_->tell(conversation_->need(conversation_->find(locked ? "remote_lock" : "local"),
                                          locked ? "lock its panel" : "free its panel"));
}

std::string Instrument::scpi_version() {
  return conversation_->ask_text(conversation_->need(conversation_->find("version"), "tell its version of SCPI"));
}

std::vector<Setting> Instrument::settings(Duration within) { return instrument::read_settings(*conversation_, within); }

RestoreReport Instrument::restore(const std::vector<Setting>& settings, const RestoreOptions& options) {
  RestoreReport report;
  instrument::check_settings(*conversation_, settings);
  instrument::restore_settings(*conversation_, settings, options.within, report);
  instrument::restore_switches(*conversation_, settings, options, report);
  return report;
}

Duration Instrument::timeout() const { return conversation_->timeout(); }
void Instrument::set_timeout(Duration timeout) { conversation_->set_timeout(timeout); }

InstrumentLock Instrument::lock() {
  conversation_->lock();
  return InstrumentLock(conversation_.get());
}

void Instrument::make_safe(Duration) {}
bool Instrument::is_anything_on() const { return false; }

void Instrument::cancel() noexcept { conversation_->cancel(); }
void Instrument::resume_after_cancel() noexcept { conversation_->resume_after_cancel(); }
void Instrument::close() noexcept { conversation_->close(); }
bool Instrument::is_open() const noexcept { return conversation_->is_open(); }

}  // namespace v1
}  // namespace wheatstone
