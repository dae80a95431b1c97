// What anybody of the account may send to a run's control socket.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <wheatstone/error.hpp>

#include "session/control_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ws = wheatstone;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const ws::session::ControlRequest request = ws::session::parse_control_request(line);
  const std::string answer = request.error.empty() ? ws::session::control_answer(request, "run", {})
                                                   : ws::session::control_refusal(request.id, request.error);
  try {
    const ws::Progress progress = ws::session::parse_control_answer(answer);
    if (!request.error.empty() || progress.done != 0) std::abort();
  } catch (const ws::ConfigurationError&) {
    if (request.error.empty()) std::abort();
  }
  if (answer.find('\n') != std::string::npos) std::abort();  // an answer is one line
  try {
    (void)ws::session::parse_control_answer(line);
  } catch (const ws::Error&) {  // of a server that is none of ours
  }
  return 0;
}
