#pragma once
// One command of an instrument, as its profile states it.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/unit.hpp>

#include "scpi/keyword.hpp"
#include "scpi/pattern.hpp"

namespace wheatstone::profile {

enum class ParameterKind : std::uint8_t {
  number,   ///< decimal, with a suffix of its unit (500 mV), or one of its keywords
  integer,  ///< a number that is rounded to an integer, as instruments do
  boolean,  ///< ON, OFF, or a number, zero being OFF
  keyword,  ///< one of its keywords
  string,   ///< in quotes; with patterns, one of those (FUNCtion "VOLT:DC")
  block,    ///< an arbitrary block
  raw,      ///< anything, kept as typed: expressions, lists that nobody reads
};

/// What an argument may be, for one channel.
struct Bounds {
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::optional<double> reset = {};  ///< the value after *RST and of DEFault, where the documents say
};

/// What an argument does beyond being stored.
enum class ParameterRole : std::uint8_t {
  none,
  set_point,  ///< sets Parameter::quantity of the channels addressed: what limits look at
  channel,    ///< names the channel: APPLy CH1,... and INSTrument:NSELect 2
};

struct Parameter {
  std::string name;
  ParameterKind kind = ParameterKind::number;
  ParameterRole role = ParameterRole::none;
  bool optional = false;
  Unit unit = {};
  std::string quantity = {};                 ///< of a set-point: "voltage", "current", "output", ...
  std::vector<scpi::Keyword> keywords = {};  ///< in the order of the profile; Argument::keyword indexes them
  std::vector<int> keyword_channels = {};    ///< with role channel: the channel that each keyword names
  std::vector<scpi::Pattern> patterns = {};  ///< of a string: the headers that may stand in it
  std::vector<Bounds> bounds = {};  ///< one for every channel in the table's order, or one for all; empty: none
  std::vector<double> values = {};  ///< where only these exist (1, 3, 10): instruments take the next one up
  bool follows_state = false;       ///< the model must narrow the bounds by its present range
};

/// How a command names channels.
enum class Channels : std::uint8_t {
  none,
  list,      ///< a channel list behind the other parameters: VOLT 1.5,(@1); left out, the selected channel is meant
  suffix,    ///< the first numeric suffix of the header: CHANnel<n>:SCALe
  selected,  ///< always the selected channel, which INSTrument:NSELect chooses
};

enum class ResponseKind : std::uint8_t {
  none,     ///< no query
  number,   ///< NR3 or NR2
  integer,  ///< NR1
  boolean,  ///< 0 or 1
  keyword,  ///< the short form of one of the parameter's keywords
  string,   ///< in quotes
  numbers,  ///< numbers between commas
  text,     ///< anything else in ASCII
  block,    ///< a definite block
};

/// Immutable once its table is built.
struct Command {
  std::string id;                           ///< "voltage"; with a for: "voltage_dc.range"
  std::int32_t index = -1;                  ///< its place in CommandTable::commands()
  std::vector<scpi::Pattern> patterns;      ///< the first is what drivers send; all are understood
  std::vector<Parameter> parameters;        ///< of the setting form
  std::vector<Parameter> query_parameters;  ///< of the query form
  bool can_set = false;
  bool can_query = false;
  Channels channels = Channels::none;
  ResponseKind response = ResponseKind::none;
  int response_digits = 8;       ///< of a number: digits behind the point of its NR3 form
  bool overlapped = false;       ///< *OPC, *OPC? and *WAI wait for it; else it is sequential
  bool alone = false;            ///< no error query may ride in its message (:DIGitize, *RST, blocks)
  bool recalls = false;          ///< sets what its text does not name (*RCL): nobody can check it against limits
  bool selects_channel = false;  ///< its channel argument stays selected for later messages
  bool is_setting = false;       ///< part of how the instrument is set: can be asked for and sent back
  std::optional<std::string> reset =
      {};  ///< of a plain setting: what its query answers after *RST; of numbers, Bounds::reset says so

  /// "VOLT", or "CHAN1:SCAL": the header that drivers send, for messages.
  [[nodiscard]] std::string header() const;
};

}  // namespace wheatstone::profile
