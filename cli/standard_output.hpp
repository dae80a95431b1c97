#pragma once
// The process's standard output, and how the program ends when nobody reads it any more.

#include <array>
#include <ostream>
#include <streambuf>

#include "terminal.hpp"

namespace wheatstone::cli {

/// While it lives, a write into a closed pipe does not end the process, which may be in the middle of a measurement
/// whose outputs have to be made safe; the stream fails instead, and remembers why. One, made in main(); one thread.
class StandardOutput : private std::streambuf {
 public:
  StandardOutput();
  ~StandardOutput() override;
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  [[nodiscard]] std::ostream& stream() { return stream_; }

  /// Writes what is left, and returns the status to exit with. Where the reader is gone, ends the process as other
  /// programs do, by the signal (a shell shows 141), without a word; where the output could not be written for another
  /// reason, such as a full disk, says so on `err` and returns k_failed.
  [[nodiscard]] int end(std::ostream& err, int status);

 private:
  int overflow(int c) override;
  int sync() override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  void write(const char* text, std::size_t size);

  std::array<char, 1 << 16> buffer_;
  bool by_lines_;  // a person reads along
  int error_ = 0;  // of the first write that failed
  std::ostream stream_{this};
};

/// Flushes `terminal.out`; false, and the stream failed, where nobody reads it any more, so that who writes without an
/// end can end.
[[nodiscard]] bool is_read(const Terminal& terminal);

}  // namespace wheatstone::cli
