#pragma once
// The parts of wheatstone._native, one function a public header.

#include <nanobind/nanobind.h>

namespace wheatstone::python {

namespace nb = nanobind;

/// Lets the library's waits release the interpreter's lock, and parks threads that return after the interpreter has
/// gone.
void bind_blocking(nb::module_& module);
/// Raises the library's errors as those of wheatstone.errors.
void bind_error(nb::module_& module);
void bind_value(nb::module_& module);
void bind_experiment(nb::module_& module);
/// Before the instruments, which speak of what is bound here.
void bind_setting(nb::module_& module);
void bind_instrument(nb::module_& module);
void bind_power_supply(nb::module_& module);
void bind_multimeter(nb::module_& module);
void bind_oscilloscope(nb::module_& module);
void bind_electronic_load(nb::module_& module);
void bind_bench(nb::module_& module);
void bind_parameter(nb::module_& module);
/// Before the session, which speaks of what is bound here.
void bind_control(nb::module_& module);
void bind_call(nb::module_& module);
void bind_acquisitions(nb::module_& module);
void bind_settle(nb::module_& module);
void bind_values(nb::module_& module);
void bind_plan(nb::module_& module);
void bind_session(nb::module_& module);
/// After the session, experiments and previews.
void bind_procedure(nb::module_& module);
void bind_store(nb::module_& module);
void bind_table_writer(nb::module_& module);
/// Refuses arguments that a function of the module does not take with a sentence; after all others are bound.
void bind_refusal(nb::module_& module);

}  // namespace wheatstone::python
