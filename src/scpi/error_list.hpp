#pragma once
// The standard's error numbers and texts (SCPI-99 volume 2, chapter 21), once for drivers, simulation and messages.

#include <string>
#include <string_view>

namespace wheatstone::scpi {

/// Numbers that parsers and the simulation name themselves; the whole list is known to error_text().
enum Error : int {
  k_no_error = 0,
  k_syntax_error = -102,
  k_data_type_error = -104,
  k_parameter_not_allowed = -108,
  k_missing_parameter = -109,
  k_mnemonic_too_long = -112,
  k_undefined_header = -113,
  k_suffix_out_of_range = -114,
  k_invalid_number = -121,
  k_exponent_too_large = -123,
  k_invalid_suffix = -131,
  k_suffix_not_allowed = -138,
  k_invalid_character_data = -141,
  k_character_data_not_allowed = -148,
  k_invalid_string = -151,
  k_string_not_allowed = -158,
  k_invalid_block = -161,
  k_block_not_allowed = -168,
  k_invalid_expression = -171,
  k_expression_not_allowed = -178,
  k_trigger_ignored = -211,
  k_init_ignored = -213,
  k_settings_conflict = -221,
  k_data_out_of_range = -222,
  k_too_much_data = -223,
  k_illegal_parameter_value = -224,
  k_data_stale = -230,
  k_hardware_missing = -241,
  k_self_test_failed = -330,
  k_queue_overflow = -350,
  k_query_interrupted = -410,
  k_query_unterminated = -420,
  k_query_deadlocked = -430,
};

/// "Undefined header" for -113. For a number that the standard does not list, the text of its class ("Command error"
/// for -100 to -199, and so on); "Device-specific error" for positive ones.
[[nodiscard]] std::string_view error_text(int number);

/// One entry as SYSTem:ERRor? answers it: `-113,"Undefined header"`, with `;detail` inside the quotes where one is
/// given. 0 gives `+0,"No error"`: the sign is what Keysight's instruments send.
[[nodiscard]] std::string error_answer(int number, std::string_view detail = {});

}  // namespace wheatstone::scpi
