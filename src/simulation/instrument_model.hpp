#pragma once
// The physics of one kind of instrument, bound to the commands of its profile.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "profile/profile.hpp"
#include "simulation/circuit.hpp"
#include "simulation/exchange.hpp"
#include "simulation/occasion.hpp"

namespace wheatstone::simulation {

/// What becomes of a setting.
enum class Treatment : std::uint8_t {
  unknown,  ///< no model speaks of it: refused, so that nothing is ever stored in vain
  acts,     ///< an action of the model
  reads,    ///< stored; the model looks at it when it acts
  keeps,    ///< stored and answered, nothing more: what only the display or a person would see
  refuses,  ///< -241, or every value but the only one there is
};

/// What a model does at each command, by the command's id; ids that the profile lacks are passed over, so that one
/// model serves all models of its kind.
class CommandActions {
 public:
  using Action = std::function<void(Exchange&)>;

  explicit CommandActions(const profile::CommandTable& table)
      : table_(&table),
        settings_(table.commands().size()),
        stored_(table.commands().size()),
        queries_(table.commands().size()),
        treatments_(table.commands().size()) {}

  void on_set(std::string_view id, Action action) { bind(settings_, id, std::move(action), Treatment::acts); }
  void on_query(std::string_view id, Action action) { bind(queries_, id, std::move(action), std::nullopt); }

  /// A plain setting, stored; then the action runs.
  void on_stored(std::string_view id, Action action) { bind(stored_, id, std::move(action), Treatment::acts); }
  /// Plain settings that the model asks PlainSettings for when it acts.
  void reads(std::initializer_list<std::string_view> ids) { treat(ids, Treatment::reads); }
  /// Plain settings without effect on anything that can be measured.
  void keeps(std::initializer_list<std::string_view> ids) { treat(ids, Treatment::keeps); }
  void keeps_the_rest();

  /// A setting that the simulation cannot honour is an error (-241), never silence; but for the state that it is in.
  void refuse(std::string_view id);
  /// The same for every keyword but one, which is the only state there is.
  void allow_only(std::string_view id, std::string_view keyword) {
    refuse_unless(id, [keyword](const Exchange& exchange) { return exchange.keyword(0) == keyword; });
  }
  /// And for every number but one.
  void allow_only(std::string_view id, double number) {
    refuse_unless(id, [number](const Exchange& exchange) { return exchange.number(0) == number; });
  }

  /// A value of an otherwise honoured setting that the simulation lacks: -241, and nothing is stored.
  void lacks(std::string_view id, std::string_view keyword) { lacking_.emplace_back(table_->find(id), keyword); }
  [[nodiscard]] bool lacks(const profile::Command& command, std::string_view keyword) const;

  /// Null where no model acts: the command is a plain setting.
  [[nodiscard]] const Action* find(const profile::Command& command, bool is_query) const {
    return present((is_query ? queries_ : settings_)[place(command)]);
  }
  [[nodiscard]] const Action* find_stored(const profile::Command& command) const {
    return present(stored_[place(command)]);
  }
  [[nodiscard]] Treatment treatment(const profile::Command& command) const { return treatments_[place(command)]; }

 private:
  [[nodiscard]] static std::size_t place(const profile::Command& command) {
    return static_cast<std::size_t>(command.index);
  }
  [[nodiscard]] static const Action* present(const Action& action) { return action ? &action : nullptr; }

  void refuse_unless(std::string_view id, std::function<bool(const Exchange&)> allowed);
  void bind(std::vector<Action>& actions, std::string_view id, Action action, std::optional<Treatment> treatment);
  void treat(std::initializer_list<std::string_view> ids, Treatment treatment);

  const profile::CommandTable* table_;
  std::vector<Action> settings_;
  std::vector<Action> stored_;
  std::vector<Action> queries_;
  std::vector<Treatment> treatments_;
  std::vector<std::pair<const profile::Command*, std::string_view>> lacking_;
};

/// Where a simulated instrument stands: who it is, and its place in the bench's world.
struct Surroundings {
  std::string alias;
  std::uint64_t seed = 1;
  std::shared_ptr<const profile::Profile> profile;
  BenchTime* time = nullptr;
  Circuit* circuit = nullptr;
  const Occasion* occasion = nullptr;  ///< null: between runs
  /// The node of each channel (or input), in the order of the profile's channels.
  std::vector<std::size_t> nodes;
};

/// Guarded by its instrument: one thread at a time. Reaches other instruments through the circuit only.
class InstrumentModel {
 public:
  virtual ~InstrumentModel() = default;

  virtual void bind(CommandActions& actions) = 0;
  /// *RST and power-on.
  virtual void reset(std::int64_t at, PlainSettings& settings) = 0;
  /// Brings latches and the condition registers up to the present.
  virtual void update(std::int64_t, StatusModel&) {}
  /// *TRG.
  virtual void trigger(Exchange&) {}
  /// Device clear: ends what is under way.
  virtual void abort(std::int64_t) {}
  /// When everything begun will be done, for *OPC, *OPC? and *WAI; in the past where nothing is under way.
  [[nodiscard]] virtual std::int64_t complete_at() const { return 0; }

 protected:
  InstrumentModel() = default;
  InstrumentModel(const InstrumentModel&) = delete;
  InstrumentModel& operator=(const InstrumentModel&) = delete;
};

/// The model for the profile's kind; one without physics for `generic`.
[[nodiscard]] std::unique_ptr<InstrumentModel> make_model(Surroundings surroundings);

}  // namespace wheatstone::simulation
