#include "model_text.hpp"

namespace wheatstone::cli {

Json json_of(const Model& model) {
  return Json::object({{"name", model.name},
                       {"maker", model.maker},
                       {"kind", model.kind},
                       {"description", model.description},
                       {"origin", model.origin},
                       {"commands", model.command_count}});
}

}  // namespace wheatstone::cli
