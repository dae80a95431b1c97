#pragma once
// What a driver says to its instrument and hears from it, one transaction at a time:
// lock, check, format, write, read, look at the error queue, unlock.

#include <algorithm>
#include <atomic>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/reading.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"
#include "instrument/instrument_mutex.hpp"
#include "instrument/made_on.hpp"
#include "instrument/set_point_gate.hpp"
#include "profile/profile.hpp"
#include "transport/transport.hpp"

namespace wheatstone::instrument {

/// What a conversation is made of.
struct Connection {
  std::string alias = {};
  profile::ProfilePointer profile = {};
  std::unique_ptr<transport::Transport> transport = {};
  base::Clock* clock = nullptr;  ///< the one that the transport's deadlines are counted on
  Duration timeout = std::chrono::seconds(5);
  bool simulated = false;
  bool shared = false;              ///< others may talk to the instrument too: nothing about its state is assumed
  std::string serial_number = {};   ///< that *IDN? must give; empty for any
  std::shared_ptr<void> held = {};  ///< what has to be given back when it closes, such as the address's lock file
};

/// A conversation with one instrument. Methods may be called from any thread; each takes the instrument's lock for one
/// whole transaction. The hot path, a number asked for, allocates nothing.
class Conversation {
 public:
  explicit Conversation(Connection connection);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// Drains a stale error queue into notes() and compares *IDN? with the profile. Throws ConfigurationError naming
  /// both.
  void open();

  // Constant after construction, or after open().
  [[nodiscard]] const std::string& alias() const { return alias_; }
  [[nodiscard]] const profile::Profile& profile() const { return *profile_; }
  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] bool is_simulated() const { return simulated_; }
  [[nodiscard]] bool is_shared() const { return shared_; }
  [[nodiscard]] const std::string& identity() const { return identity_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] base::Clock& clock() const { return *clock_; }

  /// The command of that id; null where the model has none.
  [[nodiscard]] const profile::Command* find(std::string_view id) const { return profile_->commands->find(id); }
  /// The command of that id. Throws ConfigurationError: this model cannot do `what`.
  [[nodiscard]] const profile::Command& need(const profile::Command* command, std::string_view what) const;

  // -- The driver's own commands ----------------------------------------------------------------------------------

  /// Sends a setting; the instrument's refusal is thrown as InstrumentError.
  void tell(const profile::Command& command, std::initializer_list<profile::Term> terms = {},
            std::span<const int> channels = {});
  /// Sends several settings in one message, all checked before any is sent.
  void tell(std::span<const Step> steps);
  /// Sends settings without looking at the error queue: what takes long is asked for by *OPC? first.
  void tell_only(std::span<const Step> steps);
  /// Asks; settings before the question travel in the same message. `more_time` is what the instrument takes by itself.
  [[nodiscard]] std::string ask(const Step& question, std::span<const Step> before = {}, Duration more_time = {});
  [[nodiscard]] double ask_number(const profile::Command& command, std::initializer_list<profile::Term> terms = {},
                                  std::span<const int> channels = {});
  [[nodiscard]] bool ask_boolean(const profile::Command& command, std::span<const int> channels = {});
  [[nodiscard]] std::string ask_text(const profile::Command& command, std::initializer_list<profile::Term> terms = {},
                                     std::span<const int> channels = {});

  /// Sends queries that the table made, none of which changes anything, and returns what comes within `within`.
  [[nodiscard]] std::string ask_as_it_stands(std::string_view message, Duration within);
  /// Commands that this instrument did not answer as its profile has it, so that they are not asked again.
  /// REQUIRES: the lock is held.
  [[nodiscard]] std::vector<const profile::Command*>& unanswered() { return unanswered_; }

  /// The number in an answer. Throws CommunicationError, the link cleared, where there is none.
  [[nodiscard]] double number_in(const std::string& answer, const profile::Command& asked);
  /// A reading without uncertainty, taken now.
  [[nodiscard]] Reading reading_of(std::string answer, const profile::Command& asked, std::string_view quantity,
                                   Unit unit, Time at);
  /// Throws CommunicationError that quotes the answer, the link cleared and the error queue attached.
  [[noreturn]] void refuse_answer(std::string_view command, const std::string& answer, std::string_view expected);

  // -- Raw text ---------------------------------------------------------------------------------------------------

  void write_text(std::string_view text, bool check_errors);
  [[nodiscard]] std::string query_text(std::string_view text, bool check_errors);
  /// How many raw messages have passed: what a driver remembers of the instrument may be wrong after one.
  [[nodiscard]] std::uint64_t raw_count() const { return raw_count_; }
  /// How often the instrument was reset from here: what was set before is gone.
  [[nodiscard]] std::uint64_t reset_count() const { return reset_count_; }
  /// Settings are about to change that drivers remember otherwise. REQUIRES: the lock is held.
  void note_set_behind() {
    ++raw_count_;
    ++reset_count_;
  }

  // -- The instrument as a whole -----------------------------------------------------------------------------------

  void reset();
  void clear();
  void clear_status();
  [[nodiscard]] std::uint8_t status_byte();
  /// Calls back, from a thread of the link's, when the instrument requests service; an empty callback ends that. False
  /// where the link cannot tell: the status byte has to be asked for.
  bool on_service_request(std::function<void(std::uint8_t status_byte)> callback);
  [[nodiscard]] InstrumentErrorEntry next_error();
  [[nodiscard]] std::vector<InstrumentErrorEntry> read_errors();
  void trigger();
  /// Returns when everything begun is done. Throws TimeoutError after `within`.
  void wait_for_operation_complete(Duration within);
  [[nodiscard]] Duration timeout() const { return Duration(std::chrono::nanoseconds(timeout_.load())); }
  void set_timeout(Duration timeout);

  void lock();
  /// Waits until `deadline` on the clock.
  [[nodiscard]] bool lock_until(std::int64_t deadline);
  void unlock() noexcept { mutex_.unlock(); }

  void cancel() noexcept;
  void resume_after_cancel() noexcept;
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return open_.load(std::memory_order_relaxed); }

  /// REQUIRES: the lock is held, or nothing else uses the instrument.
  [[nodiscard]] MadeOn& made_on() { return made_on_; }
  [[nodiscard]] SetPointGate& gate() { return gate_; }

  /// Runs `off` with the lock held and every answer due within `within`; ends a cancel first, and where the link does
  /// not answer, opens it anew and tries once more. Throws what kept it from doing so.
  void make_safe(Duration within, const std::function<void()>& off);

  /// Takes the lock and runs `work`, all of it within `end` on the clock, clearing a link that fell silent included.
  /// Throws TimeoutError, saying what `could not be` done, where another thread holds the instrument that long.
  template <class Work>
  auto by(std::int64_t end, std::string_view could_not_be, Work work) {
    lock_by(end, could_not_be);
    const Held held(this);
    const Bounded bounded(this, end);
    return work();
  }

  /// Runs a transaction: lock held, errors completed with who and where.
  template <class Work>
  auto transaction(Work work) {
    enter();
    const Held held(this);
    try {
      return work();
    } catch (...) {
      complete_error();
    }
  }

 private:
  friend class Rehearsal;
  struct Unanswered {};  ///< thrown in place of sending a question, while what is set is only rehearsed

  struct Held {
    explicit Held(Conversation* c) : conversation(c) {}
    ~Held() { conversation->unlock(); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    Conversation* conversation;
  };

  struct Bounded {
    Bounded(Conversation* c, std::int64_t end) : conversation(c), before(c->last_deadline_) {
      conversation->last_deadline_ = std::min(before, end);
    }
    ~Bounded() { conversation->last_deadline_ = before; }
    Bounded(const Bounded&) = delete;
    Bounded& operator=(const Bounded&) = delete;
    Conversation* conversation;
    std::int64_t before;
  };

  void enter();
  void require_usable() const;
  void lock_by(std::int64_t end, std::string_view could_not_be);
  [[noreturn]] void complete_error();
  [[noreturn]] void raise_timeout(const std::string& why);
  [[nodiscard]] std::int64_t deadline() const;
  void check(std::span<const Step> steps) const;
  void check_before_on(std::span<const Step> steps);
  void check_before_on(int channel, const std::vector<SetQuantity>& also_sent);
  void format(std::span<const Step> steps);
  void send(const std::string& message);
  [[nodiscard]] std::string receive(Duration more_time = {});
  void exchange(std::span<const Step> steps);
  void note_before(std::span<const Step> steps);
  void note_after(std::span<const Step> steps);
  void raise_errors(const std::string& first_answer);
  void raise_queue();
  [[nodiscard]] InstrumentErrorEntry read_error();
  [[nodiscard]] std::vector<InstrumentErrorEntry> drain_errors();
  void recover_link();
  [[nodiscard]] std::vector<InstrumentErrorEntry> recover_from_silence();
  void check_identity() const;

  // Constant after construction, or after open().
  const std::string alias_;
  const profile::ProfilePointer profile_;
  const std::string kind_;
  base::Clock* const clock_;
  const bool simulated_;
  const bool shared_;
  const std::string serial_number_;
  const std::string error_query_;  ///< "SYST:ERR?"
  std::string address_;
  std::string identity_;
  std::vector<std::string> notes_;
  base::ProcessBound process_;

  InstrumentMutex mutex_;
  std::atomic<std::int64_t> timeout_;
  std::atomic<bool> open_{true};
  std::atomic<bool> cancelled_{false};

  // protected by mutex_
  std::unique_ptr<transport::Transport> transport_;
  std::shared_ptr<void> held_;
  SetPointGate gate_;
  MadeOn made_on_;
  std::vector<const profile::Command*> unanswered_;
  std::string message_;                     ///< the one in hand; kept so that formatting allocates nothing
  std::int64_t last_deadline_ = INT64_MAX;  ///< while making safe
  std::int64_t answer_due_ = 0;             ///< of the message sent last
  std::int64_t allowed_ = 0;                ///< nanoseconds that its answer may take
  std::uint64_t raw_count_ = 0;
  std::uint64_t reset_count_ = 0;
  int selected_channel_ = 1;
  bool rehearsing_ = false;  ///< a Rehearsal lives
  bool must_clear_ = false;  ///< an exchange was cut off; the next one clears first
};

}  // namespace wheatstone::instrument
