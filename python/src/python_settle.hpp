#pragma once
// The rest that one parameter waits for, looked at by a Python function.

#include <memory>
#include <wheatstone/settle.hpp>

#include "python_call.hpp"

namespace wheatstone::python {

struct PythonStability {
  Stable stable;
  std::shared_ptr<PythonCall> call;  ///< the reading or condition; null where results are looked at
};

}  // namespace wheatstone::python
