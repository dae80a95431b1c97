#pragma once
// The commands of one model, read in both directions: text from arguments for drivers, arguments from text for the
// simulation and for limits. Immutable after construction; any thread.

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "profile/command.hpp"
#include "scpi/channel_list.hpp"
#include "scpi/error_list.hpp"
#include "scpi/header_tree.hpp"

namespace wheatstone::profile {

/// A value that a driver puts into a command. Words are keywords (short, long, any case) or, for a string parameter,
/// its text. Views: the word must live as long as the call.
class Term {
 public:
  template <typename T>
    requires std::floating_point<T>
  Term(T value) : kind_(Kind::number), number_(static_cast<double>(value)) {}  // NOLINT: implicit by design
  Term(bool value) : kind_(Kind::boolean), number_(value ? 1.0 : 0.0) {}       // NOLINT: implicit by design
  template <typename T>
    requires(std::integral<T> && !std::same_as<T, bool>)
  Term(T value) : kind_(Kind::number), number_(static_cast<double>(value)) {}  // NOLINT: implicit by design
  Term(std::string_view word) : kind_(Kind::word), word_(word) {}              // NOLINT: implicit by design
  Term(const char* word) : Term(std::string_view(word)) {}                     // NOLINT: implicit by design
  Term(const std::string& word) : Term(std::string_view(word)) {}              // NOLINT: implicit by design

  enum class Kind : std::uint8_t { number, boolean, word };
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] double number() const { return number_; }
  [[nodiscard]] std::string_view word() const { return word_; }

 private:
  Kind kind_;
  double number_ = 0;
  std::string_view word_;
};

enum class ArgumentKind : std::uint8_t { absent, number, boolean, keyword, string, block, raw };

/// A value that was read out of a command.
struct Argument {
  ArgumentKind kind = ArgumentKind::absent;
  std::int32_t keyword = -1;   ///< index into Parameter::keywords, or ::patterns for a string
  double number = 0;           ///< in the parameter's unit, suffix applied; 1 or 0 of a boolean
  std::string_view text = {};  ///< as typed; the inside of a string, the data of a block

  [[nodiscard]] explicit operator bool() const { return kind != ArgumentKind::absent; }
};

inline constexpr std::size_t k_most_arguments = 8;

/// What a reader carries along. `path` is reset (`= {}`) at the start of every message by the caller and moved by
/// match(). `selected_channel` is set by whoever executes a command with Command::selects_channel.
struct MatchContext {
  scpi::HeaderTree::Path path = {};
  int selected_channel = 1;
};

/// What a message unit means. Arguments are views into the text that was matched.
struct Match {
  int error = 0;                     ///< 0, or the SCPI number with which an instrument refuses it
  const Command* command = nullptr;  ///< null only where the header is not known
  bool is_query = false;
  std::uint8_t argument_count = 0;  ///< places filled, absent ones in between included
  scpi::Suffixes suffixes;
  scpi::ChannelList channels;  ///< as typed: list or suffix. Empty where the selected channel is meant
  std::array<Argument, k_most_arguments> arguments;
  std::string_view header;  ///< as typed, for messages
  std::string_view rest;    ///< the arguments as typed

  [[nodiscard]] explicit operator bool() const { return error == 0; }
  /// The parameters that `arguments` follow.
  [[nodiscard]] const std::vector<Parameter>& parameters() const {
    return is_query ? command->query_parameters : command->parameters;
  }
};

/// One quantity that a message would set on one channel.
struct SetPoint {
  std::string_view quantity;  ///< "voltage", "current", "output", ...; views the table
  int channel = 1;
  double value = 0;  ///< as CommandTable::resolve gives it; NaN where the text does not tell
  const Command* command = nullptr;
};

class CommandTable {
 public:
  /// `commands` in the order of the profile; `channels` are the instrument's channel numbers. Throws ConfigurationError
  /// where two commands share an id or a header.
  CommandTable(std::vector<Command> commands, std::vector<int> channels);
  CommandTable(const CommandTable&) = delete;
  CommandTable& operator=(const CommandTable&) = delete;

  [[nodiscard]] std::span<const Command> commands() const { return commands_; }
  [[nodiscard]] std::span<const int> channels() const { return channels_; }

  /// The command of that id, or null.
  [[nodiscard]] const Command* find(std::string_view id) const;
  /// The command of that id. Throws ConfigurationError naming the nearest ids.
  [[nodiscard]] const Command& at(std::string_view id) const;

  // -- From arguments to text -------------------------------------------------------------------------------------

  /// Appends the shortest legal form: "VOLT 1.5,(@1)", "CHAN1:SCAL 0.5". Channels are the list, or the suffix of a
  /// command that names its channel there (one channel then); without any, no list is written and suffixes are 1.
  /// Numbers are written as they are: ranges are the limits' to check, before. Throws ConfigurationError for too few or
  /// too many arguments, a word that is no keyword of its parameter, a number where only keywords stand.
  void append_setting(std::string& out, const Command& command, std::span<const Term> arguments,
                      std::span<const int> channels = {}) const;
  /// The same for the query form: "VOLT? (@1)", "VOLT? MAX,(@1)".
  void append_query(std::string& out, const Command& command, std::span<const Term> arguments = {},
                    std::span<const int> channels = {}) const;

  [[nodiscard]] std::string setting(const Command& command, std::initializer_list<Term> arguments = {},
                                    std::span<const int> channels = {}) const;
  [[nodiscard]] std::string query(const Command& command, std::initializer_list<Term> arguments = {},
                                  std::span<const int> channels = {}) const;

  // -- From text to arguments -------------------------------------------------------------------------------------

  /// Reads one unit of a message (scpi::MessageReader splits messages). Never throws: an unknown header gives -113, a
  /// missing parameter -109, one too many -108, a wrong type -104, a word that is no keyword -224, a suffix of another
  /// unit -131, a number beyond the bounds of any channel addressed -222, a channel that does not exist -222 (-114 in
  /// the header).
  [[nodiscard]] Match match(std::string_view unit, MatchContext& context) const;

  /// Appends every set-point that `match` (without error) would set. A command without channels is meant for
  /// `selected_channel`. NaN where the value cannot be known from the text (a keyword that the bounds do not resolve):
  /// limits refuse it. A query sets nothing.
  void set_points(const Match& match, int selected_channel, std::vector<SetPoint>& out) const;

  /// The channel that a matched command names in a parameter of role channel (APPLy CH2; INST:NSEL 2); absent where
  /// none.
  [[nodiscard]] std::optional<int> channel_named(const Match& match) const;

  /// The channel that stays selected after a matched command (INST:NSEL 2; APPLy CH2,...); absent where it selects
  /// none. A query never does: APPLy? CH2 only asks (E3631A User's Guide, E3631-90002, p.92).
  [[nodiscard]] std::optional<int> channel_selected(const Match& match) const;

  /// The number behind an argument: the number itself, 1 or 0 of a boolean, what MINimum, MAXimum and DEFault stand for
  /// on `channel`, or the place of the word among the keywords of a parameter without bounds that only takes those
  /// (OUTPut:PAIR OFF is 0). Absent where the text does not tell.
  [[nodiscard]] std::optional<double> resolve(const Parameter& parameter, const Argument& argument, int channel) const;

  /// The bounds of a parameter for a channel; null where it has none.
  [[nodiscard]] const Bounds* bounds(const Parameter& parameter, int channel) const;

 private:
  [[nodiscard]] int channel_place(int channel) const;
  void append(std::string& out, const Command& command, bool is_query, std::span<const Term> arguments,
              std::span<const int> channels) const;
  int read_arguments(Match& match, const MatchContext& context) const;
  int read_channels(Match& match) const;
  int check_bounds(const Match& match, int selected_channel) const;

  std::vector<Command> commands_;
  std::vector<int> channels_;
  std::unordered_map<std::string_view, std::int32_t> by_id_;
  scpi::HeaderTree tree_;
};

}  // namespace wheatstone::profile
