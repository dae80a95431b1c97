#include <wheatstone/version.hpp>

#include "bindings.hpp"
#include "text.hpp"

NB_MODULE(_native, module) {
  using namespace wheatstone::python;
  // At the interpreter's end what scripts leave open is closed by the package, and memory by the process.
  nb::set_leak_warnings(false);
  module.doc() = "The native part of wheatstone. Import wheatstone instead: what is here changes without notice.";
  module.attr("__version__") = text_of(wheatstone::version());
  bind_blocking(module);
  bind_error(module);
  bind_value(module);
  bind_experiment(module);
  bind_setting(module);
  bind_instrument(module);
  bind_power_supply(module);
  bind_multimeter(module);
  bind_oscilloscope(module);
  bind_electronic_load(module);
  bind_bench(module);
  bind_parameter(module);
  bind_control(module);
  bind_call(module);
  bind_acquisitions(module);
  bind_settle(module);
  bind_values(module);
  bind_plan(module);
  bind_session(module);
  bind_procedure(module);
  bind_store(module);
  bind_table_writer(module);
  bind_refusal(module);
}
