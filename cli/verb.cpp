#include "verb.hpp"

#include <algorithm>

namespace wheatstone::cli {

Verb& Verb::verb(std::string name, std::string what) {
  return *verbs_.emplace_back(std::make_unique<Verb>(std::move(name), std::move(what)));
}

const Verb* Verb::find(std::string_view name) const {
  for (const auto& verb : verbs_) {
    if (verb->name() == name || std::ranges::find(verb->other_names(), name) != verb->other_names().end()) {
      return verb.get();
    }
  }
  return nullptr;
}

void take_run(Verb& verb, std::string& run, std::filesystem::path& store, bool required) {
  verb.argument("run", run, k_run_help, {.required = required, .offers = Offer::run});
  take_store(verb, store);
}

void take_store(Verb& verb, std::filesystem::path& store) {
  verb.option("--store", store, k_store_help, {.value = "FOLDER", .offers = Offer::folder});
}

}  // namespace wheatstone::cli
