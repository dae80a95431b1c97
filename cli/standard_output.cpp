#include "standard_output.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "verbs.hpp"

namespace wheatstone::cli {

StandardOutput::StandardOutput() : by_lines_(::isatty(STDOUT_FILENO) == 1) {
  std::signal(SIGPIPE, SIG_IGN);
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

StandardOutput::~StandardOutput() { sync(); }

int StandardOutput::end(std::ostream& err, int status) {
  stream_.flush();
  if (stream_.good()) return status;
  if (error_ != 0 && error_ != EPIPE) {
    err << fmt::format("wheatstone: the output cannot be written: {}\n", std::generic_category().message(error_));
    return status == k_done ? int{k_failed} : status;
  }
  if (status == k_done) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  return status;
}

int StandardOutput::overflow(int c) {
  if (sync() != 0) return traits_type::eof();
  if (c == traits_type::eof()) return 0;
  *pptr() = static_cast<char>(c);
  pbump(1);
  return c;
}

int StandardOutput::sync() {
  write(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0 ? 0 : -1;
}

std::streamsize StandardOutput::xsputn(const char* text, std::streamsize size) {
  if (size > epptr() - pptr() && sync() != 0) return 0;
  if (size > epptr() - pptr()) {
    write(text, static_cast<std::size_t>(size));
  } else {
    std::memcpy(pptr(), text, static_cast<std::size_t>(size));
    pbump(static_cast<int>(size));
    if (by_lines_ && std::memchr(text, '\n', static_cast<std::size_t>(size)) != nullptr) sync();
  }
  return error_ == 0 ? size : 0;
}

void StandardOutput::write(const char* text, std::size_t size) {
  while (size > 0 && error_ == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, text, size);
    if (written >= 0) {
      text += written;
      size -= static_cast<std::size_t>(written);
    } else if (errno == EAGAIN) {  // whoever started the program left its output without blocking
      pollfd waiting{STDOUT_FILENO, POLLOUT, 0};
      ::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
}

bool is_read(const Terminal& terminal) {
  terminal.out->flush();
  if (!terminal.out->good()) return false;
  pollfd output{STDOUT_FILENO, 0, 0};
  if (::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0) terminal.out->setstate(std::ios::badbit);
  return terminal.out->good();
}

}  // namespace wheatstone::cli
