#pragma once
// A measurement session: instruments, parameters, acquisitions and tasks, ready to run.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ranges>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <wheatstone/acquisition.hpp>
#include <wheatstone/control.hpp>
#include <wheatstone/duration.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/instrument.hpp>
#include <wheatstone/observer.hpp>
#include <wheatstone/order.hpp>
#include <wheatstone/parameter.hpp>
#include <wheatstone/point.hpp>
#include <wheatstone/preview.hpp>
#include <wheatstone/progress.hpp>
#include <wheatstone/row.hpp>
#include <wheatstone/series.hpp>

namespace wheatstone {
inline namespace v1 {

class Bench;

/// What happens to slots that pass while an acquisition still runs. Acquisitions of one interval share a grid.
enum class Overrun : std::uint8_t {
  skip,      ///< the next row falls on the grid's next slot, and the number missed is kept; of a grid that was held up
             ///< by acquisitions of another one, the last slot that has passed is still taken, late
  catch_up,  ///< every slot of every grid is taken, late
};

/// When rows are made safe against power loss. The death of the process loses none in either case.
enum class RowDurability : std::uint8_t {
  second,  ///< synced once a second
  row,     ///< synced before the next point
};

/// What becomes of outputs that this session turned on, when it closes after a normal end.
enum class OnClose : std::uint8_t { off, leave };

struct SessionOptions {
  std::string description = {};
  std::filesystem::path store = {};  ///< folder of runs; empty: WHEATSTONE_STORE, the bench's, else ./wheatstone-runs
  Bench* bench = nullptr;            ///< lends its instruments; must outlive the session
  std::uint64_t seed = 1;            ///< of the simulated bench; kept with the run
  std::string pace = "fast";         ///< of the simulated bench: "fast", "real" or "virtual"
  OnClose on_close = OnClose::off;
  bool read_settings = true;  ///< keep how each instrument was set before and after a run in run.json
};

struct RunOptions {
  std::optional<Duration> duration = {};    ///< makes the run timed
  std::optional<Duration> interval = {};    ///< of acquisitions without one of their own; 100 ms where not given
  std::optional<std::uint64_t> count = {};  ///< rows of a timed run, instead of or besides the duration
  bool cycle = false;                       ///< a timed run with parameters begins again at the plan's end
  Overrun overrun = Overrun::skip;
  std::optional<bool> precise = {};  ///< spin before the deadline; decided by the interval where not given
  RowDurability durability = RowDurability::second;
  bool handle_interrupt = false;  ///< the first SIGINT stops after the point, the second aborts; then Interrupted
  Duration grace = std::chrono::seconds(5);      ///< for tasks to end once their stop was requested
  Order order = Order::grid;                     ///< in which points come
  std::optional<std::uint64_t> order_seed = {};  ///< of a random order; drawn where not given, kept in run.json
  std::uint64_t repeat = 1;                      ///< the whole plan that often; the number is in Experiment::timing
  /// Goes on with an unfinished run at its first point that is not stored: "last" for the latest of this session's name
  /// and plan (a new run where there is none), or a run's id, a prefix of it, its folder. What set up the bench has to
  /// be set again: hooks run at every level, settle times are waited in full, Point::first_after_resume() is true.
  std::string resume = {};
  /// Asked after each row, which has the parameters, the timestamp and the results; true ends the run as finished.
  std::function<bool(const Row&)> until = {};
  /// Acquisitions on distinct instruments (AcquisitionOptions::uses) measure at the same time, each on one thread;
  /// those that share an instrument one after the other, in order of registration. One that names no instrument waits
  /// for all registered before it, and those after it wait for it. Rows and columns are as if all had followed each
  /// other, only that Point::row() has no results of acquisitions that measure at the same time.
  bool parallel = false;
};

struct TaskOptions {
  Duration every = std::chrono::milliseconds(100);  ///< pause between calls of a task that takes no stop token
};

namespace detail {
/// A callable of a Point or of nothing, as one of a Point.
template <class Result, class F>
std::function<Result(const Point&)> of_point(F&& f) {
  if constexpr (std::is_invocable_r_v<Result, std::decay_t<F>&, const Point&>) {
    return std::forward<F>(f);
  } else {
    return [f = std::forward<F>(f)](const Point&) mutable { return static_cast<Result>(f()); };
  }
}

/// The number of that name at a point, a result or a parameter; none where it is null. Throws DataError where the row
/// has no number of that name.
WHEATSTONE_API std::optional<double> number_at(const Point& point, std::string_view name);

template <std::size_t N, class F>
std::function<Value(const Point&)> of_numbers(const char* const (&inputs)[N], F&& f) {
  std::array<std::string, N> names;
  for (std::size_t i = 0; i < N; ++i) names[i] = inputs[i];
  return [names, f = std::forward<F>(f)](const Point& point) mutable -> Value {
    std::array<double, N> numbers;
    for (std::size_t i = 0; i < N; ++i) {
      const std::optional<double> number = number_at(point, names[i]);
      if (!number) return {};
      numbers[i] = *number;
    }
    return Value(std::apply(f, numbers));
  };
}

template <class F>
concept PointAcquisition = std::is_invocable_r_v<Row, F&, const Point&>;
template <class F>
concept BareAcquisition = std::is_invocable_r_v<Row, F&>;
template <class R>
concept OtherRange = std::ranges::input_range<R> && !std::convertible_to<R, std::string_view> &&
                     !std::same_as<std::remove_cvref_t<R>, Series>;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class F>
concept Pulls = std::is_invocable_v<F&> && is_optional<std::invoke_result_t<F&>>;
template <class F>
concept MakesValues =
    std::is_invocable_v<F&, const Point&> && std::ranges::input_range<std::invoke_result_t<F&, const Point&>>;
template <class F>
concept StoppableTask = std::is_invocable_v<F&, std::stop_token>;
template <class F>
concept RepeatedTask = std::is_invocable_v<F&>;
}  // namespace detail

/// Says what to vary, what to measure and what runs beside it; then runs that. Registering and run() belong to one
/// thread; stop(), abort(), pause(), resume(), step(), progress() and sleep() may be called from any. Closing makes
/// outputs safe that this session turned on. After a fork, the child's copy is inert.
class WHEATSTONE_API MeasurementSession {
 public:
  /// A session without a name is called after the program.
  explicit MeasurementSession(std::string name = {}, SessionOptions options = {});
  ~MeasurementSession();
  MeasurementSession(const MeasurementSession&) = delete;
  MeasurementSession& operator=(const MeasurementSession&) = delete;

  /// Connects an instrument: `profile` is "maker/MODEL" or a file; the alias names it in errors and in the run. With
  /// {.simulate = true} it stands on this session's simulated bench; else {.address = "TCPIP::host::5025::SOCKET"}. The
  /// session owns it. Throws ConfigurationError for a taken or unknown name or where the profile is of another kind
  /// than I, ConnectionError where nobody answers.
  template <std::derived_from<Instrument> I = Instrument>
  I& instrument(std::string_view alias, std::string_view profile, InstrumentOptions options = {}) {
    Instrument& made = connect(alias, profile, std::move(options));
    if constexpr (std::same_as<I, Instrument>) {
      return made;
    } else {
      if (auto* typed = dynamic_cast<I*>(&made)) return *typed;
      refuse_kind(alias);
    }
  }
  /// One that is connected already, of this session or its bench. Throws ConfigurationError for an unknown alias.
  [[nodiscard]] Instrument& instrument(std::string_view alias) const;
  [[nodiscard]] std::vector<std::string> instrument_names() const;

  /// Registers what is varied: an initializer list of any cell type, a list that mixes 1 and 2.5, a series, or any
  /// input range. Series and views over std::views::iota are computed by position; ranges that can be walked only once,
  /// and endless views, are pulled as their values are needed.
  template <class T>
  auto parameter(std::string_view name, std::initializer_list<T> values, std::string_view unit = {}) {
    return add_typed<detail::ParameterType<T>>(name, values, ParameterOptions{.unit = std::string(unit)});
  }
  template <class T>
  auto parameter(std::string_view name, std::initializer_list<T> values, ParameterOptions options) {
    return add_typed<detail::ParameterType<T>>(name, values, std::move(options));
  }
  Parameter<double> parameter(std::string_view name, std::initializer_list<double> values, std::string_view unit = {}) {
    return add_typed<double>(name, values, ParameterOptions{.unit = std::string(unit)});
  }
  Parameter<double> parameter(std::string_view name, std::initializer_list<double> values, ParameterOptions options) {
    return add_typed<double>(name, values, std::move(options));
  }
  template <detail::OtherRange R>
  auto parameter(std::string_view name, R&& values, std::string_view unit = {}) {
    return add_typed<detail::ParameterType<std::ranges::range_value_t<R>>>(name, std::forward<R>(values),
                                                                           ParameterOptions{.unit = std::string(unit)});
  }
  template <detail::OtherRange R>
  auto parameter(std::string_view name, R&& values, ParameterOptions options) {
    return add_typed<detail::ParameterType<std::ranges::range_value_t<R>>>(name, std::forward<R>(values),
                                                                           std::move(options));
  }
  Parameter<double> parameter(std::string_view name, const Series& values, std::string_view unit = {}) {
    return parameter(name, values, ParameterOptions{.unit = std::string(unit)});
  }
  Parameter<double> parameter(std::string_view name, const Series& values, ParameterOptions options) {
    if (options.unit.empty()) options.unit = values.unit();
    return Parameter<double>(add_parameter(name, values.values(), std::move(options)));
  }
  /// Values pulled from a callable, one a call, until it returns none; there may be no end where it is the first
  /// parameter of a grid. They are kept, so that a second run has the same.
  template <detail::Pulls F>
  auto parameter(std::string_view name, F&& next, std::string_view unit = {}) {
    return add_pulled<detail::ParameterType<typename std::invoke_result_t<F&>::value_type>>(
        name, std::forward<F>(next), ParameterOptions{.unit = std::string(unit)});
  }
  template <detail::Pulls F>
  auto parameter(std::string_view name, F&& next, ParameterOptions options) {
    return add_pulled<detail::ParameterType<typename std::invoke_result_t<F&>::value_type>>(name, std::forward<F>(next),
                                                                                            std::move(options));
  }
  /// Values that depend on parameters registered before: a callable of a Point that has those, which returns a range.
  template <detail::MakesValues F>
  auto parameter(std::string_view name, F&& make, std::string_view unit = {}) {
    return add_dependent(name, std::forward<F>(make), ParameterOptions{.unit = std::string(unit)});
  }
  template <detail::MakesValues F>
  auto parameter(std::string_view name, F&& make, ParameterOptions options) {
    return add_dependent(name, std::forward<F>(make), std::move(options));
  }
  /// A parameter without values of its own: RunOptions::order brings them, as points or from an adaptive plan.
  template <class T>
    requires std::same_as<T, detail::ParameterType<T>> && (!detail::NamedEnum<T>)
  Parameter<T> parameter(std::string_view name, std::string_view unit = {}) {
    return parameter<T>(name, ParameterOptions{.unit = std::string(unit)});
  }
  template <class T>
    requires std::same_as<T, detail::ParameterType<T>> && (!detail::NamedEnum<T>)
  Parameter<T> parameter(std::string_view name, ParameterOptions options) {
    return Parameter<T>(add_parameter(name, std::make_shared<const detail::OpenValues<T>>(), std::move(options)));
  }
  /// The same for values of a kind known only at run time.
  std::size_t add_parameter(std::string_view name, std::shared_ptr<const ParameterValues> values,
                            ParameterOptions options);

  /// Passes over points where `holds` is false, before anything moves to them. The name is for errors and run.json.
  void constrain(std::string_view name, std::function<bool(const Point&)> holds);

  /// Registers what is measured at each point, in order of registration: a callable of a Point, or of nothing, that
  /// returns a Row.
  template <class F>
    requires detail::PointAcquisition<std::decay_t<F>> || detail::BareAcquisition<std::decay_t<F>>
  void acquire(std::string_view name, F&& measure, AcquisitionOptions options = {}) {
    add_acquisition(name, detail::of_point<Row>(std::forward<F>(measure)), std::move(options));
  }

  /// Registers a column that is computed from the row, after all acquisitions of a point: a callable of the Point,
  /// whose row() has their results. It returns a Value.
  template <class F>
    requires std::is_invocable_r_v<Value, std::decay_t<F>&, const Point&>
  void derive(std::string_view name, F&& compute, std::string_view unit = {}) {
    add_derivation(name, std::forward<F>(compute), unit);
  }
  /// The same of numbers by name, results or parameters: derive("power", {"v", "i"}, [](double v, double i) { return v
  /// * i; }, "W"). Null where one of them is. Throws DataError, in the run, for a name that the row does not have.
  template <std::size_t N, class F>
  void derive(std::string_view name, const char* const (&inputs)[N], F&& compute, std::string_view unit = {}) {
    add_derivation(name, detail::of_numbers(inputs, std::forward<F>(compute)), unit);
  }

  /// Registers what is measured once before the first point and its levels, and once after the last levels were left,
  /// where the run finished or was stopped: after a failure or an abort the bench is made safe, and there is nothing to
  /// compare. See Experiment::baselines().
  template <class F>
    requires detail::PointAcquisition<std::decay_t<F>> || detail::BareAcquisition<std::decay_t<F>>
  void baseline(std::string_view name, F&& measure, AcquisitionOptions options = {}) {
    add_baseline(name, detail::of_point<Row>(std::forward<F>(measure)), std::move(options));
  }

  /// Registers what is done whenever `parameter` takes a value, before all points that share it (and the values of the
  /// parameters registered earlier), and what is done after them. Without a parameter: before the first point of the
  /// run, after the last. A callable of a Point, or of nothing. Hooks after run however the run ends, but for an abort.
  template <class T, class F>
  void before(const Parameter<T>& parameter, F&& work) {
    add_hook(true, parameter.ordinal(), detail::of_point<void>(std::forward<F>(work)));
  }
  template <class F>
  void before(F&& work) {
    add_hook(true, std::nullopt, detail::of_point<void>(std::forward<F>(work)));
  }
  template <class T, class F>
  void after(const Parameter<T>& parameter, F&& work) {
    add_hook(false, parameter.ordinal(), detail::of_point<void>(std::forward<F>(work)));
  }
  template <class F>
  void after(F&& work) {
    add_hook(false, std::nullopt, detail::of_point<void>(std::forward<F>(work)));
  }

  /// Registers what runs beside the acquisitions on its own thread: called once where it takes a stop token, which it
  /// must obey; else again and again until the end.
  template <class F>
    requires detail::StoppableTask<std::decay_t<F>> || detail::RepeatedTask<std::decay_t<F>>
  void task(std::string_view name, F&& work, TaskOptions options = {}) {
    if constexpr (detail::StoppableTask<std::decay_t<F>>) {
      add_task(name, [f = std::forward<F>(work)](std::stop_token stop) mutable { f(std::move(stop)); }, true, options);
    } else {
      add_task(name, [f = std::forward<F>(work)](std::stop_token) mutable { f(); }, false, options);
    }
  }

  /// Registers who sees each row after it was committed, {name, value} as the table's columns are named: on a thread of
  /// its own, behind a queue that drops the oldest row rather than hold up the run. An observer that throws is left out
  /// for the rest of that run, which says so in its events and at its end. The end waits for observers to see what they
  /// have, for the run's grace; one that is in its callable for longer goes on by itself, so the callable must own what
  /// it uses.
  ObserverHandle on_row(std::function<void(const Row&)> observer, ObserverOptions options = {});

  /// Holds the run between points while `condition` is true: looked at before a point, at most once in
  /// `options.every`, and again and again while it holds. Called by the thread that runs the session. One that throws
  /// ends the run with a MeasurementError that names it.
  void suspend_when(std::function<bool()> condition, SuspensionOptions options = {});

  /// During runs, the signal (SIGTERM, SIGUSR1, ...) asks for that action; its former handler is back afterwards. One
  /// run of a process at a time takes signals. Throws ConfigurationError for a signal that cannot be taken.
  void on_signal(int signal, Action action);

  /// Runs a sweep over the parameters in the order asked for, or, with a duration or count, a timed run.
  /// Throws ConfigurationError before anything moves, MeasurementError where an acquisition or task failed (with the
  /// rows so far), DataError and StorageError (rows so far in data()), Interrupted after SIGINT.
  Experiment run(RunOptions options = {});

  /// What run() would do with these options, and what it would refuse, without touching an instrument. Walks through
  /// the plan, at most a million points of it: the user's own values and constraints are called, an adaptive plan is
  /// not. The time adds up settling and one reading a point of each meter at the integration time it has after a reset,
  /// unless a measured point is given.
  [[nodiscard]] Preview preview(const RunOptions& options = {}, const PreviewOptions& shown = {}) const;

  /// Ends the run after the present point; run() returns what there is.
  void stop();
  /// Ends the run now, cutting instruments' waits short; the point in progress is dropped.
  void abort();
  /// Holds the run before its next point; tasks go on. In a timed run, slots that pass meanwhile are missed.
  void pause();
  void resume();
  /// While the run is paused: takes one point, and holds again. Throws ConfigurationError where it is not paused.
  void step();
  [[nodiscard]] Progress progress() const;

  /// The last run's rows, whole or partial; none before the first run.
  [[nodiscard]] std::optional<Experiment> data() const;

  /// Waits on the session's clock, so that it composes with virtual time. In an acquisition only an abort cuts it
  /// short, since a stop lets the point end as it would; in a task every end of the run does. Returns false where it
  /// was cut.
  bool sleep(Duration d);

  /// Makes safe what this session turned on and gives up the instruments. The destructor does it too. Throws
  /// ConfigurationError while the session runs.
  void close();

  [[nodiscard]] const std::string& name() const;

  /// The inner session, for the library's own bindings.
  struct State;
  [[nodiscard]] State& state() { return *state_; }

 private:
  template <class T, class R>
  Parameter<T> add_typed(std::string_view name, R&& range, ParameterOptions options) {
    if constexpr (detail::NamedEnum<T>) {
      auto values = detail::listed_values<T>(std::forward<R>(range));
      const std::size_t ordinal = add_parameter(name, values, std::move(options));
      return Parameter<T>(ordinal, std::move(values));
    } else if constexpr (detail::ComputedRange<R>) {
      using Computed = detail::ComputedValues<T, std::remove_cvref_t<R>>;
      return Parameter<T>(
          add_parameter(name, std::make_shared<const Computed>(std::forward<R>(range)), std::move(options)));
    } else if constexpr (detail::PulledRange<R>) {
      return add_pulled<T>(name, detail::pulled_from<std::remove_cvref_t<R>>(std::forward<R>(range)),
                           std::move(options));
    } else {
      return Parameter<T>(add_parameter(name, detail::listed_values<T>(std::forward<R>(range)), std::move(options)));
    }
  }
  template <class T, class F>
  Parameter<T> add_pulled(std::string_view name, F&& next, ParameterOptions options) {
    static_assert(!detail::NamedEnum<T>, "pulled values cannot be of an enumeration; list them");
    using Stored = typename detail::StreamedValues<T>::Stored;
    auto pull = [next = std::forward<F>(next)]() mutable -> std::optional<Stored> {
      if (auto value = next()) return detail::stored<T>(*value);
      return std::nullopt;
    };
    return Parameter<T>(
        add_parameter(name, std::make_shared<const detail::StreamedValues<T>>(std::move(pull)), std::move(options)));
  }
  template <class F>
  auto add_dependent(std::string_view name, F&& make, ParameterOptions options) {
    using T = detail::ParameterType<std::ranges::range_value_t<std::invoke_result_t<F&, const Point&>>>;
    static_assert(!detail::NamedEnum<T>, "values that depend on others cannot be of an enumeration; give text");
    using Dependent = detail::DependentValues<T, std::decay_t<F>>;
    return Parameter<T>(
        add_parameter(name, std::make_shared<const Dependent>(std::forward<F>(make)), std::move(options)));
  }
  Instrument& connect(std::string_view alias, std::string_view profile, InstrumentOptions options);
  [[noreturn]] void refuse_kind(std::string_view alias) const;
  void add_acquisition(std::string_view name, std::function<Row(const Point&)> measure, AcquisitionOptions options);
  void add_derivation(std::string_view name, std::function<Value(const Point&)> compute, std::string_view unit);
  void add_baseline(std::string_view name, std::function<Row(const Point&)> measure, AcquisitionOptions options);
  void add_hook(bool before, std::optional<std::size_t> parameter, std::function<void(const Point&)> work);
  void add_task(std::string_view name, std::function<void(std::stop_token)> work, bool takes_stop, TaskOptions options);

  std::unique_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
