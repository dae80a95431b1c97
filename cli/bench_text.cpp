#include "bench_text.hpp"

namespace wheatstone::cli {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

bool is_simulated(const BenchEntry& entry) { return entry.options.simulate.value_or(false); }

}  // namespace

std::string place_of(const BenchEntry& entry) { return is_simulated(entry) ? "simulated" : entry.options.address; }

Json json_of(const BenchEntry& entry) {
  return Json::object({{"alias", entry.alias},
                       {"profile", text_or_null(entry.profile)},
                       {"address", text_or_null(entry.options.address)},
                       {"serial", text_or_null(entry.options.serial_number)},
                       {"simulate", is_simulated(entry)},
                       {"timeout", entry.options.timeout.seconds()},
                       {"shared", entry.options.shared}});
}

Json json_of(const BenchDescription& bench) {
  Json instruments = Json::array();
  for (const BenchEntry& entry : bench.entries) instruments.add(json_of(entry));
  return Json::object({{"name", bench.name},
                       {"description", bench.description},
                       {"version", text_or_null(bench.version)},
                       {"simulate", bench.simulate},
                       {"seed", bench.seed},
                       {"pace", bench.pace},
                       {"experiment", Json::object({{"title", bench.experiment.title},
                                                    {"description", bench.experiment.description},
                                                    {"operator", bench.experiment.operator_name},
                                                    {"date", bench.experiment.date},
                                                    {"notes", bench.experiment.notes},
                                                    {"database_path", bench.experiment.database_path}})},
                       {"instruments", instruments}});
}

}  // namespace wheatstone::cli
