#pragma once
// Python types that conversions ask for, imported on first use and kept for the life of the process.

#include <nanobind/nanobind.h>

namespace wheatstone::python {

/// One attribute of one module. `get` imports the module; `if_loaded` never does, and is null until somebody has:
/// an object of a type exists only after its module.
class PythonType {
 public:
  constexpr PythonType(const char* module, const char* name) : module_(module), name_(name) {}

  [[nodiscard]] nanobind::handle get() {
    if (type_ == nullptr) type_ = nanobind::object(nanobind::module_::import_(module_).attr(name_)).release().ptr();
    return type_;
  }

  [[nodiscard]] nanobind::handle if_loaded() {
    if (type_ == nullptr) {
      PyObject* const modules = PyImport_GetModuleDict();
      PyObject* const found = PyDict_GetItemString(modules, module_);
      if (found == nullptr || !nanobind::hasattr(found, name_)) return nullptr;
      type_ = nanobind::getattr(found, name_).release().ptr();
    }
    return type_;
  }

  /// Whether `object` is an instance, without importing anything.
  [[nodiscard]] bool is_type_of(nanobind::handle object) {
    const nanobind::handle type = if_loaded();
    return type.is_valid() && PyObject_IsInstance(object.ptr(), type.ptr()) == 1;
  }

 private:
  const char* module_;
  const char* name_;
  PyObject* type_ = nullptr;
};

}  // namespace wheatstone::python
