#pragma once
// A whole instrument without a link: program messages in, response messages out.

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "simulation/instrument_model.hpp"

namespace wheatstone::simulation {

/// A simulated instrument: the profile's command table, IEEE 488.2 message exchange and status, plain settings, and a
/// model of its physics. Owned by its bench and shared with whatever serves it. Any thread may call any method; each
/// takes the instrument's lock for as long as one message takes to execute, never across a wait.
///
/// The message exchange is that of IEEE 488.2 section 6.3: a message that comes while an answer is unread or in the
/// making drops that answer and queues -410; reading where nothing was asked queues -420.
class SimulatedInstrument {
 public:
  explicit SimulatedInstrument(Surroundings surroundings);

  /// Executes one program message, without its terminator. What takes time under a pace that waits is begun only.
  void write(std::string_view message);

  /// What a reader finds.
  struct Output {
    std::optional<std::string> response;   ///< without terminator
    std::optional<std::int64_t> ready_at;  ///< bench time to look again where the instrument is still at it
  };
  [[nodiscard]] Output read();
  /// A reader gave up, or asked where there is nothing to say: queues -420 where no answer is in the making.
  void report_unterminated();

  /// Whether an answer is waiting or in the making.
  [[nodiscard]] bool has_answer();

  /// Device clear: input, output and what is under way are dropped; settings and error queue stay.
  void clear();
  void trigger() { write("*TRG"); }
  /// Serial poll.
  [[nodiscard]] std::uint8_t status_byte();

  /// What becomes of a command's settings, and whether the model has asked for what was stored of it.
  [[nodiscard]] Treatment treatment(const profile::Command& command) const { return actions_.treatment(command); }
  [[nodiscard]] bool was_read(const profile::Command& command) const { return settings_.was_read(command); }

  [[nodiscard]] const std::string& alias() const { return alias_; }
  [[nodiscard]] const profile::Profile& profile() const { return *profile_; }
  [[nodiscard]] BenchTime& time() const { return *time_; }

 private:
  void reset(std::int64_t now);
  void accept(std::string_view message, std::int64_t now);
  void execute(std::string_view units, std::int64_t now);
  void execute_unit(std::string_view unit);
  [[nodiscard]] bool answer_bound();
  void run_plain();
  void proceed(std::int64_t now);
  void interrupt();

  // common_commands.cpp
  void bind_common();
  void bind_completion();
  void bind_registers(const std::string& node, RegisterGroup& group);
  void bind_header(std::string_view header, bool is_query, CommandActions::Action action);

  // constant after construction
  std::string alias_;
  std::shared_ptr<const profile::Profile> profile_;
  const profile::CommandTable* table_;
  BenchTime* time_;
  std::mutex mutex_;
  // protected by mutex_
  PlainSettings settings_;
  StatusModel status_;
  CommandActions actions_;
  std::unique_ptr<InstrumentModel> model_;
  profile::MatchContext context_;
  Exchange exchange_;
  profile::Match match_;               // of the unit in execution
  std::string making_;                 // the answer of the message in execution
  std::optional<std::string> output_;  // a whole answer, unread
  bool executing_ = false;             // a message is not done: one of its units takes time
  bool asked_ = false;                 // the message in execution has a query in it
  std::string suspended_rest_;         // its units behind the one that takes time
  std::deque<std::string> waiting_;    // messages behind it
  std::int64_t opc_due_ = -1;          // *OPC waits for this instant
};

}  // namespace wheatstone::simulation
