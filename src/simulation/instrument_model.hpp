#pragma once
// The physics of one kind of instrument, bound to the commands of its profile.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "profile/profile.hpp"
#include "simulation/circuit.hpp"
#include "simulation/exchange.hpp"

namespace wheatstone::simulation {

/// What a model does at each command, by the command's id; ids that the profile lacks are passed over, so that one
/// model serves all models of its kind.
class CommandActions {
 public:
  using Action = std::function<void(Exchange&)>;

  explicit CommandActions(const profile::CommandTable& table)
      : table_(&table), settings_(table.commands().size()), queries_(table.commands().size()) {}

  void on_set(std::string_view id, Action action) { bind(settings_, id, std::move(action)); }
  void on_query(std::string_view id, Action action) { bind(queries_, id, std::move(action)); }

  /// A setting that the simulation cannot honour is an error (-241), never silence.
  void refuse(std::string_view id) {
    on_set(id,
           [](Exchange& exchange) { exchange.error(scpi::k_hardware_missing, "the simulated instrument lacks it"); });
  }

  /// The same for every keyword but one, which is the only state there is.
  void allow_only(std::string_view id, std::string_view keyword) {
    on_set(id, [keyword](Exchange& exchange) {
      if (exchange.keyword(0) != keyword) {
        exchange.error(scpi::k_hardware_missing, "the simulated instrument lacks it");
      }
    });
  }

  /// Null where no model acts: the command is a plain setting.
  [[nodiscard]] const Action* find(const profile::Command& command, bool is_query) const {
    const Action& action = (is_query ? queries_ : settings_)[static_cast<std::size_t>(command.index)];
    return action ? &action : nullptr;
  }

 private:
  void bind(std::vector<Action>& actions, std::string_view id, Action action) {
    if (const profile::Command* command = table_->find(id))
      actions[static_cast<std::size_t>(command->index)] = std::move(action);
  }

  const profile::CommandTable* table_;
  std::vector<Action> settings_;
  std::vector<Action> queries_;
};

/// Where a simulated instrument stands: who it is, and its place in the bench's world.
struct Surroundings {
  std::string alias;
  std::uint64_t seed = 1;
  std::shared_ptr<const profile::Profile> profile;
  BenchTime* time = nullptr;
  Circuit* circuit = nullptr;
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
  /// A plain setting was stored; models that depend on it act.
  virtual void changed(Exchange&) {}
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
