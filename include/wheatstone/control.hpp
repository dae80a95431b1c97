#pragma once
// Control of a run while it lives: what may be asked of it, and how another process asks.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <wheatstone/export.hpp>
#include <wheatstone/progress.hpp>

namespace wheatstone {
inline namespace v1 {

/// What may be asked of a run.
enum class Action : std::uint8_t {
  pause,   ///< hold before the next point
  resume,  ///< go on after a pause
  step,    ///< while paused: take one point, and hold again
  stop,    ///< end after the point in hand
  abort,   ///< end now: instruments' waits are cut short, the point in hand is dropped
};
/// "pause", "resume", ...
[[nodiscard]] WHEATSTONE_API std::string_view name_of(Action action);
/// Throws ConfigurationError for a word that names none.
[[nodiscard]] WHEATSTONE_API Action action_named(std::string_view word);

/// A run that lives in another process (or in this one), reached through the socket that its run.json names; see
/// docs/formats/control.md. Only the account that owns the run is let in. Each call is one question and its answer, and
/// waits 5 s at most. One thread at a time.
class WHEATSTONE_API RemoteRun {
 public:
  /// Connects to the run of that folder. Throws StorageError where it is no run, ConnectionError where nobody
  /// runs it any more, or where it cannot be reached, saying why.
  explicit RemoteRun(const std::filesystem::path& folder);
  ~RemoteRun();
  RemoteRun(RemoteRun&&) noexcept;
  RemoteRun& operator=(RemoteRun&&) noexcept;

  /// Asks for it, and returns how far the run was when it was heard. Throws ConfigurationError where the run refuses (a
  /// step while it is not paused), ConnectionError where it has ended meanwhile, TimeoutError where it does not answer.
  Progress request(Action action);
  [[nodiscard]] Progress progress();

  [[nodiscard]] const std::string& id() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
