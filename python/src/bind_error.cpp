// The library's errors as those of wheatstone.errors, where the classes and their built-in bases are written down.

#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/row.hpp>

#include <exception>
#include <string>

#include "bindings.hpp"
#include "pending_error.hpp"
#include "raised_in_python.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

nb::object make(const char* class_name, const Error& error) {
  nb::object made = nb::module_::import_("wheatstone.errors").attr(class_name)(sentence_of(error.what()));
  const ErrorContext& context = error.context();
  made.attr("alias") = text_of(context.alias);
  made.attr("model") = text_of(context.model);
  made.attr("address") = text_of(context.address);
  made.attr("command") = sentence_of(context.command);
  made.attr("answer") = said_text(context.answer);
  for (const std::string& note : error.attached()) made.attr("add_note")(sentence_of(note));
  return made;
}

nb::object make_instrument_error(const InstrumentError& error) {
  nb::object made = make("InstrumentError", error);
  nb::list queue;
  for (const InstrumentErrorEntry& entry : error.queue())
    queue.append(nb::make_tuple(entry.number, said_text(entry.text)));
  made.attr("queue") = queue;
  return made;
}

nb::object make_measurement_error(const MeasurementError& error) {
  nb::object made = make("MeasurementError", error);
  nb::list errors;
  for (const std::string& sentence : error.attached()) errors.append(text_of(sentence));
  made.attr("errors") = errors;
  if (error.point()) made.attr("point") = nb::int_(*error.point());
  if (error.parameters()) {
    nb::dict parameters;
    for (const Row::Entry& entry : *error.parameters()) parameters[text_of(entry.key)] = object_from(entry.value);
    made.attr("parameters") = parameters;
  }
  if (error.has_experiment()) made.attr("_stored") = nb::cast(error.experiment());
  if (error.cause()) made.attr("__cause__") = exception_of(error.cause());
  return made;
}

}  // namespace

nb::object exception_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const RaisedInPython& e) {
    return e.value();
  } catch (const nb::python_error& e) {
    return nb::borrow(e.value());
  } catch (const MeasurementError& e) {
    return make_measurement_error(e);
  } catch (const InstrumentError& e) {
    return make_instrument_error(e);
  } catch (const ConfigurationError& e) {
    return make("ConfigurationError", e);
  } catch (const ConnectionError& e) {
    return make("ConnectionError", e);
  } catch (const TimeoutError& e) {
    return make("TimeoutError", e);
  } catch (const CommunicationError& e) {
    return make("CommunicationError", e);
  } catch (const LimitError& e) {
    return make("LimitError", e);
  } catch (const DataError& e) {
    return make("DataError", e);
  } catch (const StorageError& e) {
    return make("StorageError", e);
  } catch (const ReplayMismatchError& e) {
    return make("ReplayMismatchError", e);
  } catch (const Interrupted& e) {
    return make("Interrupted", e);
  } catch (const Error& e) {
    return make("Error", e);
  } catch (const std::exception& e) {
    return nb::borrow(PyExc_RuntimeError)(sentence_of(e.what()));
  }
}

namespace {

void set(const nb::object& error) { PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr()); }

void raise(const std::exception_ptr& error, void*) {
  try {
    std::rethrow_exception(error);
  } catch (const Interrupted&) {
    const nb::object pending = take_pending_error();
    set(pending.is_valid() ? pending : exception_of(error));
  } catch (const Error&) {
    set(exception_of(error));
  } catch (const RaisedInPython& e) {
    set(e.value());
  }
}

}  // namespace

void bind_error(nb::module_&) { nb::register_exception_translator(raise); }

}  // namespace wheatstone::python
