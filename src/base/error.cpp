#include <wheatstone/error.hpp>

namespace wheatstone {
inline namespace v1 {

Error::Error(const std::string& message, ErrorContext context)
    : std::runtime_error(message),
      context_(std::make_shared<ErrorContext>(std::move(context))),
      attached_(std::make_shared<std::vector<std::string>>()) {}
Error::~Error() = default;
Error::Error(const Error&) = default;
Error& Error::operator=(const Error&) = default;

void Error::add_context(const ErrorContext& more) {
  const auto fill = [](std::string& field, const std::string& value) {
    if (field.empty()) field = value;
  };
  fill(context_->alias, more.alias);
  fill(context_->model, more.model);
  fill(context_->address, more.address);
  fill(context_->command, more.command);
  fill(context_->answer, more.answer);
}

void Error::attach(std::string message) { attached_->push_back(std::move(message)); }

ConfigurationError::~ConfigurationError() = default;
ConnectionError::~ConnectionError() = default;
TimeoutError::~TimeoutError() = default;
CommunicationError::~CommunicationError() = default;
LimitError::~LimitError() = default;
DataError::~DataError() = default;
StorageError::~StorageError() = default;
ReplayMismatchError::~ReplayMismatchError() = default;
Interrupted::~Interrupted() = default;

InstrumentError::InstrumentError(const std::string& message, std::vector<InstrumentErrorEntry> queue,
                                 ErrorContext context)
    : Error(message, std::move(context)),
      queue_(std::make_shared<const std::vector<InstrumentErrorEntry>>(std::move(queue))) {}
InstrumentError::~InstrumentError() = default;

MeasurementError::MeasurementError(const std::string& message, ErrorContext context)
    : Error(message, std::move(context)) {}
MeasurementError::~MeasurementError() = default;

const Experiment& MeasurementError::experiment() const {
  if (!experiment_) throw std::logic_error("this MeasurementError was not thrown by a run and has no experiment");
  return *experiment_;
}

void MeasurementError::set_experiment(std::shared_ptr<const Experiment> experiment) {
  experiment_ = std::move(experiment);
}

}  // namespace v1
}  // namespace wheatstone
