#pragma once
// What every connected instrument offers, whatever its kind.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/reading.hpp>
#include <wheatstone/setting.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {

namespace instrument {
class Conversation;  // the library's own: what a driver says and hears, one transaction at a time
}

inline namespace v1 {

/// How to connect an instrument. Fields are only ever appended.
struct InstrumentOptions {
  /// True: on the simulated bench. Unset: as the environment's WHEATSTONE_SIMULATE says, else real where there is an
  /// address.
  std::optional<bool> simulate = {};
  /// VISA resource name of a real instrument, "TCPIP::psu.lab::5025::SOCKET".
  std::string address = {};
  /// How long to wait for a connection, and for an answer.
  Duration timeout = std::chrono::seconds(5);
  /// Real instruments are held exclusively, across processes; true lets others use the same address.
  bool shared = false;
  /// The serial number that *IDN? has to give; empty for any.
  std::string serial_number = {};
};

/// How an instrument answered when it was asked.
struct HealthReport {
  enum class Status : std::uint8_t { ok, warning, error };
  Status status = Status::ok;  ///< warning where its error queue held something, error where it did not answer
  std::string identity = {};   ///< what *IDN? answered
  std::vector<std::string> errors = {};
  std::vector<std::string> warnings = {};  ///< its error queue, "-113, Undefined header", which is empty afterwards
};

/// Holds one instrument for one thread, so that several transactions follow each other undisturbed. Nests. Movable;
/// released by the thread that took it. REQUIRES: ends before the instrument does.
class WHEATSTONE_API InstrumentLock {
 public:
  InstrumentLock(InstrumentLock&& other) noexcept;
  InstrumentLock& operator=(InstrumentLock&&) = delete;
  ~InstrumentLock();

  /// Lets go before the end of the scope. Calls after the first do nothing.
  void release() noexcept;

 private:
  friend class Instrument;
  explicit InstrumentLock(instrument::Conversation* held) : held_(held) {}
  instrument::Conversation* held_;
};

/// A connected instrument. Owned by the session or bench that connected it.
///
/// Threads: every method but close() may be called from any thread; each method that talks holds the instrument for one
/// whole transaction (command, answer, error check), so threads interleave between transactions and an error belongs to
/// the command that caused it. After a fork the child's copy throws ConfigurationError on every call.
///
/// Set-points are checked before anything is sent: LimitError for a value outside the profile's range, NaN or infinity;
/// ConfigurationError for a channel that does not exist. What talks may throw TimeoutError, CommunicationError,
/// ConnectionError, InstrumentError (the instrument's own error queue, all of it) and Interrupted (after cancel()).
/// Nothing sends *RST but reset().
class WHEATSTONE_API Instrument {
 public:
  virtual ~Instrument();
  Instrument(const Instrument&) = delete;
  Instrument& operator=(const Instrument&) = delete;

  /// Its name in the session or bench.
  [[nodiscard]] const std::string& alias() const;
  /// Name of its profile, "keysight/EDU36311A".
  [[nodiscard]] const std::string& profile_name() const;
  /// Kind of its profile: "power_supply", "multimeter", "oscilloscope", "electronic_load", "generic".
  [[nodiscard]] const std::string& kind() const;
  /// The VISA resource name it was opened by; "simulated" on the simulated bench.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] bool is_simulated() const;

  /// The answer to *IDN?, asked anew.
  [[nodiscard]] std::string id();
  /// What *IDN? answered on connecting.
  [[nodiscard]] const std::string& identity() const;
  /// What was worth telling on connecting, such as errors that an earlier user had left in the queue; for the run's
  /// events.
  [[nodiscard]] const std::vector<std::string>& connection_notes() const;

  /// *RST: the instrument's power-on settings, outputs off.
  void reset();
  /// Device clear: drops what the instrument is doing or about to say. On a raw socket the link is opened anew.
  void clear();
  /// *CLS: empties the error queue and the event registers.
  void clear_status();

  /// Sends one message as it stands. Text that the profile's table reads as a set-point is checked against the limits
  /// and refused before a byte leaves. The error queue is read afterwards, in a message of its own.
  void write(std::string_view text);
  /// Sends one query and returns its answer as text, without the line's end. Checked as write().
  [[nodiscard]] std::string query(std::string_view text);
  /// Sends one query that answers with an IEEE 488.2 block, definite or indefinite, and returns its contents.
  [[nodiscard]] Bytes query_block(std::string_view text);
  /// write() and query() without reading the error queue afterwards.
  void write_unchecked(std::string_view text);
  [[nodiscard]] std::string query_unchecked(std::string_view text);

  /// The IEEE 488.2 status byte.
  [[nodiscard]] std::uint8_t status_byte();
  /// The oldest entry of the error queue, taken out of it; number 0 where it is empty.
  [[nodiscard]] InstrumentErrorEntry next_error();
  /// Empties the error queue and returns what was in it, the oldest first.
  [[nodiscard]] std::vector<InstrumentErrorEntry> read_errors();
  /// *TST?: 0 where the instrument found nothing wrong.
  [[nodiscard]] int self_test(Duration within = std::chrono::seconds(60));
  /// *OPC?: returns when everything begun has been done. Throws TimeoutError after `within`.
  void wait_for_operation_complete(Duration within = std::chrono::seconds(10));
  /// *TRG, or the protocol's own trigger.
  void trigger_now();
  /// Asks who it is and empties its error queue into the report. An instrument that does not answer is reported, not
  /// thrown; Interrupted is.
  [[nodiscard]] HealthReport health_check();
  /// Locks the front panel against whoever stands before it, or frees it.
  void lock_panel(bool locked = true);
  /// SYSTem:VERSion?, the year and revision of SCPI that it follows.
  [[nodiscard]] std::string scpi_version();

  /// Reads how it is set: all that its profile's table can both set and ask for, in the table's order. Sends nothing
  /// but queries, many to a message; the error queue is read only where one was not answered, which is then left out,
  /// now and later. Empty for an instrument of no known model. Throws TimeoutError after `within`, other threads'
  /// transactions included, and CommunicationError where the answers fit their queries nowhere.
  [[nodiscard]] std::vector<Setting> settings(Duration within = std::chrono::seconds(2));

  /// Puts settings back, as settings() told them: only what differs is sent, through the limits, and read again until
  /// it stays. Modes come before ranges, ranges before protections, protections before set-points. Where anything
  /// differs, what is on goes off first; it goes on again last, and only if asked for. What an automatic range chooses
  /// is left to it. Throws LimitError before anything is sent where a set-point may not be, and InstrumentError naming
  /// every setting that the instrument refused or did not keep; nothing is on then.
  RestoreReport restore(const std::vector<Setting>& settings, const RestoreOptions& options = {});

  /// How long each answer is waited for.
  [[nodiscard]] Duration timeout() const;
  void set_timeout(Duration timeout);

  /// Holds the instrument for the calling thread until the lock ends.
  [[nodiscard]] InstrumentLock lock();

  /// Turns off what was turned on through this object, and nothing else; never refused by a limit; ends a cancel()
  /// first. Takes `within` at most, waiting for other threads included. Throws what kept it from doing so.
  virtual void make_safe(Duration within = std::chrono::seconds(2));
  /// Whether make_safe() would have anything to turn off.
  [[nodiscard]] virtual bool is_anything_on() const;

  /// Ends the wait in progress, and each further one until resume_after_cancel(), with Interrupted. Any thread, at
  /// once.
  void cancel() noexcept;
  void resume_after_cancel() noexcept;

  /// Gives the instrument back. Outputs stay as they are. Calls after it throw ConnectionError; a second close does
  /// nothing.
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept;

  /// The library's own way in. REQUIRES: made by instrument::make_instrument.
  [[nodiscard]] instrument::Conversation& conversation() const noexcept { return *conversation_; }

 protected:
  explicit Instrument(std::unique_ptr<instrument::Conversation> conversation);

 private:
  std::unique_ptr<instrument::Conversation> conversation_;
};

/// Names of enumerators, for who types them: case, '_', '-', ' ' and ':' make no difference. Throws ConfigurationError
/// naming the nearest. Specialised beside each enumeration of the drivers.
template <class Enumeration>
[[nodiscard]] Enumeration from_name(std::string_view name);

}  // namespace v1
}  // namespace wheatstone
