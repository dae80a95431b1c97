#pragma once
// How another language plugs into a session. Python's package uses this header and the other public ones, nothing else.
// Programs in C++ have no need of it.

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wheatstone/acquisition.hpp>
#include <wheatstone/control.hpp>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/observer.hpp>
#include <wheatstone/point.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone {
inline namespace v1 {

class Instrument;
class MeasurementSession;

namespace binding {

/// What a language runtime does around each real wait of the library (I/O, contended locks, clocks): release its lock,
/// take it back. `enter` returns a token for `leave`, or null where the calling thread holds nothing.
struct WaitHooks {
  void* (*enter)() noexcept = nullptr;
  void (*leave)(void* token) noexcept = nullptr;
  /// Called in a signal handler at the second SIGINT of a run that handles interrupts. Must be async-signal-safe.
  void (*second_interrupt)() noexcept = nullptr;
  /// Asked now and then during waits for the outside world: true where the user wants this thread's wait to end, which
  /// then throws Interrupted.
  bool (*interrupted)() noexcept = nullptr;
};
/// Set once, before other threads use the library.
WHEATSTONE_API void set_wait_hooks(WaitHooks hooks);

/// What is measured at a point, whatever language it was written in.
class WHEATSTONE_API Acquisition {
 public:
  explicit Acquisition(std::string name, AcquisitionOptions options = {})
      : name_(std::move(name)), options_(std::move(options)) {}
  virtual ~Acquisition();
  Acquisition(const Acquisition&) = delete;
  Acquisition& operator=(const Acquisition&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const AcquisitionOptions& options() const { return options_; }

  /// Whether an error is a failure that may be tried again or skipped, not somebody's wish to end the run.
  [[nodiscard]] virtual bool is_failure(const std::exception_ptr& error) const;
  /// Whether the options' retries are for this failure.
  [[nodiscard]] virtual bool may_retry(const std::exception_ptr& error) const;

  /// Aliases of the instruments that it uses, for parallel runs; asked at the start of a run.
  [[nodiscard]] virtual const std::vector<std::string>& uses() const { return options_.uses; }

  /// Measures and writes the results into `out`, which holds the entries of the previous point so that their keys can
  /// be reused. Called by the thread that runs the session, or in a parallel run by one of those that it started; never
  /// by two at a time. May throw anything.
  virtual void measure(const Point& point, Row& out) = 0;

 private:
  std::string name_;
  AcquisitionOptions options_;
};

/// What is called at a point besides acquisitions: before or after a level of the sweep.
struct Hook {
  enum class When : std::uint8_t { before, after };
  When when = When::before;
  std::string parameter = {};  ///< whose level it is; empty: the whole run
  std::string name = {};       ///< of the function, for errors
  std::function<void(const Point&)> work = {};
};

/// One task.
struct Task {
  std::string name;
  std::function<void(std::stop_token)> work;
  bool takes_stop = true;  ///< called once; else again and again with `every` between
  Duration every = std::chrono::milliseconds(100);
  /// Starts a thread that calls `body` once. Empty: a thread of the library's, which is joined however long it takes.
  std::function<void(std::function<void()> body)> launch = {};
};

/// Who sees rows, on a thread of its own.
struct Observer {
  std::string name;
  std::size_t queue = 1000;
  std::function<void(const Row& row)> see;
  /// As for a task. Empty: a thread of the library's, which is not waited for past the run's grace.
  std::function<void(std::function<void()> body)> launch = {};
};

/// What holds a run up while it is true. Called by the thread that runs the session.
class WHEATSTONE_API Condition {
 public:
  Condition() = default;
  virtual ~Condition();
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// `next` is the point that waits to be taken; in a timed run, the one before. May throw anything.
  virtual bool holds(const Point& next) = 0;
};

/// Registers it; the session checks the name as it checks others. `replace` swaps one of the same name.
WHEATSTONE_API void add_acquisition(MeasurementSession& session, std::shared_ptr<Acquisition> acquisition,
                                    bool replace = false);
/// Of acquisitions, what is computed from the row: called after all others of the point; columns are named by its keys.
WHEATSTONE_API void add_derivation(MeasurementSession& session, std::shared_ptr<Acquisition> derivation,
                                   bool replace = false);
/// Called once before the first point and once after the last; the results are kept in the run's events.
WHEATSTONE_API void add_baseline(MeasurementSession& session, std::shared_ptr<Acquisition> baseline,
                                 bool replace = false);
/// Hooks of one level and side have names of their own. A parameter that is not there is refused by run().
WHEATSTONE_API void add_hook(MeasurementSession& session, Hook hook, bool replace = false);
WHEATSTONE_API void add_task(MeasurementSession& session, Task task, bool replace = false);
/// A condition on the parameters of each point.
WHEATSTONE_API void add_constraint(MeasurementSession& session, std::string_view name,
                                   std::function<bool(const Point&)> holds, bool replace = false);
/// Forgets a parameter, so that it can be registered anew.
WHEATSTONE_API void remove_parameter(MeasurementSession& session, std::string_view name);

/// An object of the other language that takes part as an instrument: its name is taken, and `make_safe` (may be empty)
/// is called after an abnormal end and on closing.
WHEATSTONE_API void attach(MeasurementSession& session, std::string_view alias, std::string_view description,
                           std::function<void()> make_safe);

/// `observer.name` may be empty.
WHEATSTONE_API ObserverHandle add_observer(MeasurementSession& session, Observer observer);
WHEATSTONE_API void add_condition(MeasurementSession& session, std::shared_ptr<Condition> condition,
                                  SuspensionOptions options);

/// As the session's own actions, told as asked for by the thread of that name.
WHEATSTONE_API void ask(MeasurementSession& session, Action action, std::string_view thread);

/// Whether the last run was ended from the keyboard.
[[nodiscard]] WHEATSTONE_API bool was_interrupted(MeasurementSession& session);

/// Warnings of runs (an observer that was dropped) are kept for take_warnings(), instead of being printed on standard
/// error.
WHEATSTONE_API void keep_warnings(MeasurementSession& session);
WHEATSTONE_API std::vector<std::string> take_warnings(MeasurementSession& session);

/// How threads of a parallel run are started: calls `body` once, on a thread of that name. Such threads may be let go
/// of where an acquisition outlives an abort by the run's grace; those of the library's own, where no launcher is set,
/// are waited for.
WHEATSTONE_API void set_launcher(MeasurementSession& session,
                                 std::function<void(const std::string& name, std::function<void()> body)> launch);

/// Whether the run that the calling thread measures for has let go of it: nothing of the run's is there any more.
[[nodiscard]] WHEATSTONE_API bool is_let_go() noexcept;
/// Whether any thread of this process ever was: cheaper to ask first, after each call of a runtime's function.
[[nodiscard]] WHEATSTONE_API const std::atomic<bool>& any_let_go() noexcept;

/// Called by the loop between points, at most every 2 ms: where a runtime gives way to its other threads.
WHEATSTONE_API void set_pulse(MeasurementSession& session, std::function<void()> pulse);

/// Merged into run.json of later runs: a JSON object, such as the script's source and the language's versions.
WHEATSTONE_API void set_details(MeasurementSession& session, std::string_view json_object);

/// Waits on the session's clock; false where `stop` was requested first.
WHEATSTONE_API bool wait(MeasurementSession& session, Duration d, const std::stop_token& stop);

}  // namespace binding
}  // namespace v1
}  // namespace wheatstone
