#include "scpi/error_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace wheatstone::scpi {
namespace {

struct Entry {
  int number;
  std::string_view text;
};

// Descending, so that a search can halve.
constexpr std::array k_entries = {
    Entry{0, "No error"},
    Entry{-100, "Command error"},
    Entry{-101, "Invalid character"},
    Entry{-102, "Syntax error"},
    Entry{-103, "Invalid separator"},
    Entry{-104, "Data type error"},
    Entry{-105, "GET not allowed"},
    Entry{-108, "Parameter not allowed"},
    Entry{-109, "Missing parameter"},
    Entry{-110, "Command header error"},
    Entry{-111, "Header separator error"},
    Entry{-112, "Program mnemonic too long"},
    Entry{-113, "Undefined header"},
    Entry{-114, "Header suffix out of range"},
    Entry{-115, "Unexpected number of parameters"},
    Entry{-120, "Numeric data error"},
    Entry{-121, "Invalid character in number"},
    Entry{-123, "Exponent too large"},
    Entry{-124, "Too many digits"},
    Entry{-128, "Numeric data not allowed"},
    Entry{-130, "Suffix error"},
    Entry{-131, "Invalid suffix"},
    Entry{-134, "Suffix too long"},
    Entry{-138, "Suffix not allowed"},
    Entry{-140, "Character data error"},
    Entry{-141, "Invalid character data"},
    Entry{-144, "Character data too long"},
    Entry{-148, "Character data not allowed"},
    Entry{-150, "String data error"},
    Entry{-151, "Invalid string data"},
    Entry{-158, "String data not allowed"},
    Entry{-160, "Block data error"},
    Entry{-161, "Invalid block data"},
    Entry{-168, "Block data not allowed"},
    Entry{-170, "Expression error"},
    Entry{-171, "Invalid expression"},
    Entry{-178, "Expression data not allowed"},
    Entry{-180, "Macro error"},
    Entry{-181, "Invalid outside macro definition"},
    Entry{-183, "Invalid inside macro definition"},
    Entry{-184, "Macro parameter error"},
    Entry{-200, "Execution error"},
    Entry{-201, "Invalid while in local"},
    Entry{-202, "Settings lost due to rtl"},
    Entry{-203, "Command protected"},
    Entry{-210, "Trigger error"},
    Entry{-211, "Trigger ignored"},
    Entry{-212, "Arm ignored"},
    Entry{-213, "Init ignored"},
    Entry{-214, "Trigger deadlock"},
    Entry{-215, "Arm deadlock"},
    Entry{-220, "Parameter error"},
    Entry{-221, "Settings conflict"},
    Entry{-222, "Data out of range"},
    Entry{-223, "Too much data"},
    Entry{-224, "Illegal parameter value"},
    Entry{-225, "Out of memory"},
    Entry{-226, "Lists not same length"},
    Entry{-230, "Data corrupt or stale"},
    Entry{-231, "Data questionable"},
    Entry{-232, "Invalid format"},
    Entry{-233, "Invalid version"},
    Entry{-240, "Hardware error"},
    Entry{-241, "Hardware missing"},
    Entry{-250, "Mass storage error"},
    Entry{-251, "Missing mass storage"},
    Entry{-252, "Missing media"},
    Entry{-253, "Corrupt media"},
    Entry{-254, "Media full"},
    Entry{-255, "Directory full"},
    Entry{-256, "File name not found"},
    Entry{-257, "File name error"},
    Entry{-258, "Media protected"},
    Entry{-260, "Expression error"},
    Entry{-261, "Math error in expression"},
    Entry{-270, "Macro error"},
    Entry{-271, "Macro syntax error"},
    Entry{-272, "Macro execution error"},
    Entry{-273, "Illegal macro label"},
    Entry{-274, "Macro parameter error"},
    Entry{-275, "Macro definition too long"},
    Entry{-276, "Macro recursion error"},
    Entry{-277, "Macro redefinition not allowed"},
    Entry{-278, "Macro header not found"},
    Entry{-280, "Program error"},
    Entry{-281, "Cannot create program"},
    Entry{-282, "Illegal program name"},
    Entry{-283, "Illegal variable name"},
    Entry{-284, "Program currently running"},
    Entry{-285, "Program syntax error"},
    Entry{-286, "Program runtime error"},
    Entry{-290, "Memory use error"},
    Entry{-291, "Out of memory"},
    Entry{-292, "Referenced name does not exist"},
    Entry{-293, "Referenced name already exists"},
    Entry{-294, "Incompatible type"},
    Entry{-300, "Device-specific error"},
    Entry{-310, "System error"},
    Entry{-311, "Memory error"},
    Entry{-312, "PUD memory lost"},
    Entry{-313, "Calibration memory lost"},
    Entry{-314, "Save/recall memory lost"},
    Entry{-315, "Configuration memory lost"},
    Entry{-320, "Storage fault"},
    Entry{-321, "Out of memory"},
    Entry{-330, "Self-test failed"},
    Entry{-340, "Calibration failed"},
    Entry{-350, "Queue overflow"},
    Entry{-360, "Communication error"},
    Entry{-361, "Parity error in program message"},
    Entry{-362, "Framing error in program message"},
    Entry{-363, "Input buffer overrun"},
    Entry{-365, "Time out error"},
    Entry{-400, "Query error"},
    Entry{-410, "Query INTERRUPTED"},
    Entry{-420, "Query UNTERMINATED"},
    Entry{-430, "Query DEADLOCKED"},
    Entry{-440, "Query UNTERMINATED after indefinite response"},
    Entry{-500, "Power on"},
    Entry{-600, "User request"},
    Entry{-700, "Request control"},
    Entry{-800, "Operation complete"},
};

const Entry* find(int number) {
  const auto* at = std::lower_bound(k_entries.begin(), k_entries.end(), number,
                                    [](const Entry& entry, int wanted) { return entry.number > wanted; });
  return at != k_entries.end() && at->number == number ? at : nullptr;
}

}  // namespace

std::string_view error_text(int number) {
  if (number > 0) return "Device-specific error";
  if (const Entry* exact = find(number)) return exact->text;
  if (const Entry* of_class = find(number / 100 * 100); of_class != nullptr && number <= -100) return of_class->text;
  return "Unknown error";
}

std::string error_answer(int number, std::string_view detail) {
  return fmt::format("{:+},\"{}{}{}\"", number, error_text(number), detail.empty() ? "" : ";", detail);
}

}  // namespace wheatstone::scpi
