#include "base/process_identity.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace wheatstone::base {
namespace {

/// 0 where there is no such process, or it has ended and nobody has asked how.
std::uint64_t start_of(std::int64_t number) {
  std::ifstream file("/proc/" + std::to_string(number) + "/stat");
  std::string text;
  std::getline(file, text);
  // The name, which may hold anything, stands between parentheses; the state is the field behind it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22 && fields >> field; ++i) {
    if (i == 3 && (field == "Z" || field == "X")) return 0;
  }
  std::uint64_t start = 0;
  std::from_chars(field.data(), field.data() + field.size(), start);
  return start;
}

std::string this_machine() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot;
  file >> boot;
  std::error_code missing;
  const std::filesystem::path processes = std::filesystem::read_symlink("/proc/self/ns/pid", missing);
  return boot + "/" + processes.string();
}

}  // namespace

ProcessIdentity this_process() {
  const std::int64_t number = ::getpid();
  return {number, start_of(number), this_machine()};
}

std::optional<bool> is_running(const ProcessIdentity& process) {
  if (process.machine != this_machine()) return std::nullopt;
  const std::uint64_t start = start_of(process.number);
  return start != 0 && start == process.started;
}

}  // namespace wheatstone::base
