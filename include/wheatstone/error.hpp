#pragma once
// The one hierarchy of failures. Every error says in one sentence what failed and what to do, and carries where it
// happened.

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

class Experiment;
class Row;

/// Where an error belongs, as far as it is known; unknown fields are empty.
struct ErrorContext {
  std::string alias = {};    ///< the instrument's name in the session or bench
  std::string model = {};    ///< maker/MODEL
  std::string address = {};  ///< VISA resource name
  std::string command = {};  ///< the message sent
  std::string answer = {};   ///< what came back
};

/// Base of all errors of this library. Copyable; immutable but for attach().
class WHEATSTONE_API Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ErrorContext context = {});
  ~Error() override;
  Error(const Error&);
  Error& operator=(const Error&);

  [[nodiscard]] const ErrorContext& context() const noexcept { return *context_; }

  /// Fills the fields of the context that are still empty, and rewrites nothing else. For the layer that knows more.
  void add_context(const ErrorContext& more);

  /// Errors that happened while this one was being handled, such as a close that failed too; in order.
  [[nodiscard]] const std::vector<std::string>& attached() const noexcept { return *attached_; }
  void attach(std::string message);

 private:
  std::shared_ptr<ErrorContext> context_;
  std::shared_ptr<std::vector<std::string>> attached_;
};

/// A wrong set-up: unknown profile or key, clash of names, a value that no run could use. Nothing has moved.
class WHEATSTONE_API ConfigurationError : public Error {
 public:
  using Error::Error;
  ~ConfigurationError() override;
};

/// An instrument that cannot be reached, or is held by somebody else.
class WHEATSTONE_API ConnectionError : public Error {
 public:
  using Error::Error;
  ~ConnectionError() override;
};

/// No answer within the time-out.
class WHEATSTONE_API TimeoutError : public Error {
 public:
  using Error::Error;
  ~TimeoutError() override;
};

/// An answer that cannot be understood, or a link that broke in the middle of one.
class WHEATSTONE_API CommunicationError : public Error {
 public:
  using Error::Error;
  ~CommunicationError() override;
};

/// One entry of an instrument's error queue (SCPI-99 volume 2, chapter 21).
struct InstrumentErrorEntry {
  int number = 0;
  std::string text = {};
};

/// The instrument itself reported an error.
class WHEATSTONE_API InstrumentError : public Error {
 public:
  /// `queue` holds every entry read, the first one first. REQUIRES: not empty.
  InstrumentError(const std::string& message, std::vector<InstrumentErrorEntry> queue, ErrorContext context = {});
  ~InstrumentError() override;
  [[nodiscard]] int number() const noexcept { return queue_->front().number; }
  [[nodiscard]] const std::string& text() const noexcept { return queue_->front().text; }
  [[nodiscard]] const std::vector<InstrumentErrorEntry>& queue() const noexcept { return *queue_; }

 private:
  std::shared_ptr<const std::vector<InstrumentErrorEntry>> queue_;
};

/// A set-point that may not be sent. Nothing was sent.
class WHEATSTONE_API LimitError : public Error {
 public:
  using Error::Error;
  ~LimitError() override;
};

/// A value that cannot be kept without loss.
class WHEATSTONE_API DataError : public Error {
 public:
  using Error::Error;
  ~DataError() override;
};

/// The store cannot be written or read.
class WHEATSTONE_API StorageError : public Error {
 public:
  using Error::Error;
  ~StorageError() override;
};

/// Replayed traffic differs from what was recorded.
class WHEATSTONE_API ReplayMismatchError : public Error {
 public:
  using Error::Error;
  ~ReplayMismatchError() override;
};

/// The wait was cut short by an abort.
class WHEATSTONE_API Interrupted : public Error {
 public:
  using Error::Error;
  ~Interrupted() override;
};

/// An acquisition or task failed. Rows committed before it are in experiment(); the cause is nested
/// (std::rethrow_if_nested) where it was an exception.
class WHEATSTONE_API MeasurementError : public Error {
 public:
  explicit MeasurementError(const std::string& message, ErrorContext context = {});
  ~MeasurementError() override;

  /// The rows so far. REQUIRES: thrown by MeasurementSession::run.
  [[nodiscard]] const Experiment& experiment() const;
  [[nodiscard]] bool has_experiment() const noexcept { return experiment_ != nullptr; }
  void set_experiment(std::shared_ptr<const Experiment> experiment);

  /// The point that failed, counted from 0, and its parameters as {name, value}; none where a task failed.
  [[nodiscard]] std::optional<std::uint64_t> point() const noexcept { return point_; }
  [[nodiscard]] const std::shared_ptr<const Row>& parameters() const noexcept { return parameters_; }
  void set_point(std::uint64_t index, std::shared_ptr<const Row> parameters) {
    point_ = index;
    parameters_ = std::move(parameters);
  }

  /// What went wrong first, as an exception; null where it was no exception.
  [[nodiscard]] std::exception_ptr cause() const noexcept { return cause_; }
  void set_cause(std::exception_ptr cause) { cause_ = std::move(cause); }

 private:
  std::shared_ptr<const Experiment> experiment_;
  std::exception_ptr cause_;
  std::optional<std::uint64_t> point_;
  std::shared_ptr<const Row> parameters_;
};

}  // namespace v1
}  // namespace wheatstone
