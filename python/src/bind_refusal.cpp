// Arguments that no function takes, refused with a sentence of the library's own. nanobind would list C++ signatures.
//
// Each function gets a last overload that takes anything. It costs nothing where the arguments fit: the function's own
// overload comes first. Overloads are tried twice, the second time with conversions (an int where a float is taken);
// the last one steps back the first time, so that it never comes before a conversion.

#include <cstdlib>
#include <string>
#include <vector>

#include "bindings.hpp"
#include "python_type.hpp"

namespace wheatstone::python {

/// Given only when overloads are tried with conversions.
struct SecondTime {};

}  // namespace wheatstone::python

namespace nanobind::detail {

template <>
struct type_caster<wheatstone::python::SecondTime> {
  NB_TYPE_CASTER(wheatstone::python::SecondTime, const_name("None"))
  bool from_python(handle, std::uint8_t flags, cleanup_list*) noexcept {
    return (flags & static_cast<std::uint8_t>(cast_flags::convert)) != 0;
  }
};

}  // namespace nanobind::detail

namespace wheatstone::python {
namespace {

PythonType g_refusal{"wheatstone.refusal", "refusal"};

[[noreturn]] void refuse(nb::handle function, nb::handle owner, nb::handle self, const nb::args& args,
                         const nb::kwargs& kwargs) {
  const nb::object error = g_refusal.get()(function.attr("__nb_signature__")[0][0], owner, self, args, kwargs);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
  throw nb::python_error();
}

struct Function {
  std::string name;
  std::string signature;
  std::string doc;
  bool is_method;
};

// The functions that `owner`, a class or module, has itself. Operators say by themselves what they do not take.
std::vector<Function> functions_of(nb::handle owner) {
  std::vector<Function> found;
  for (const nb::handle item : nb::list(owner.attr("__dict__").attr("items")())) {
    const auto name = nb::cast<std::string>(nb::str(item[0]));
    const nb::object function = item[1];
    const auto kind = nb::cast<std::string>(nb::str(function.type().attr("__name__")));
    if (kind != "nb_method" && kind != "nb_func") continue;
    if (name.starts_with("__") && name != "__init__") continue;
    const nb::object doc = function.attr("__nb_signature__")[0][1];
    found.push_back(
        {name, "def " + name + "(...)", doc.is_none() ? "" : nb::cast<std::string>(doc), kind == "nb_method"});
  }
  return found;
}

void refuse_the_rest(nb::handle owner) {
  for (const Function& function : functions_of(owner)) {
    const nb::sig signature(function.signature.c_str());
    const auto doc = function.doc.c_str();
    // What the last overload belongs to is found anew when it is called: it becomes part of the function.
    PyObject* const name = nb::str(function.name.c_str()).release().ptr();
    PyObject* const of = owner.ptr();
    if (function.is_method) {
      nb::cpp_function(
          [of, name](nb::handle self, const nb::args& args, SecondTime, const nb::kwargs& kwargs) {
            refuse(nb::getattr(of, nb::handle(name)), of, self, args, kwargs);
          },
          nb::scope(owner), nb::is_method(), nb::arg("args"), nb::arg("second time") = nb::none(), nb::arg("kwargs"),
          signature, doc);
    } else {
      nb::cpp_function(
          [of, name](const nb::args& args, SecondTime, const nb::kwargs& kwargs) {
            refuse(nb::getattr(of, nb::handle(name)), of, nb::none(), args, kwargs);
          },
          nb::scope(owner), nb::arg("args"), nb::arg("second time") = nb::none(), nb::arg("kwargs"), signature, doc);
    }
  }
}

}  // namespace

void bind_refusal(nb::module_& module) {
  // A stub lists what is taken.
  if (std::getenv("NB_STUBGEN") != nullptr) return;
  for (const nb::handle value : nb::list(module.attr("__dict__").attr("values")())) {
    if (nb::type_check(value)) refuse_the_rest(value);
  }
  refuse_the_rest(module);
}

}  // namespace wheatstone::python
