#include "bindings.hpp"

NB_MODULE(_native, module) {
  using namespace wheatstone::python;
  module.doc() = "The native part of wheatstone. Import wheatstone instead: what is here changes without notice.";
  bind_blocking(module);
  bind_error(module);
  bind_value(module);
}
