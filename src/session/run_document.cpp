#include "session/run_document.hpp"

#include <fmt/core.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <wheatstone/version.hpp>

#include "plan/text.hpp"
#include "session/exit_steps.hpp"
#include "session/plan_identity.hpp"

namespace wheatstone::session {
namespace {

constexpr std::size_t k_most_values = 1000;  // of a parameter kept in run.json; the rows hold all

io::Document parameter_document(const ParameterDefinition& parameter) {
  io::Document document = io::Document::object(
      {{"name", parameter.name}, {"unit", parameter.options.unit}, {"notes", parameter.options.notes}});
  if (parameter.options.settle.nanoseconds() > 0) document["settle_s"] = parameter.options.settle.seconds();
  if (const std::string rule = parameter.values->rule(); !rule.empty()) document["rule"] = rule;
  if (parameter.values->form() != ParameterValues::Form::listed) {
    document["values_are"] = name_of(parameter.values->form());
    return document;
  }
  document["count"] = parameter.values->size();
  document["values_sha256"] = values_digest(*parameter.values);
  io::Document values = io::Document::array();
  Value value;
  for (std::size_t i = 0; i < std::min(parameter.values->size(), k_most_values); ++i) {
    parameter.values->get(i, value);
    values.push_back(document_of_value(value));
  }
  document["values"] = std::move(values);
  return document;
}

io::Document order_document(const RunRequest& request) {
  const RunOptions& options = request.options;
  io::Document document = io::Document::object({{"order", name_of(options.order.kind())}});
  if (options.order.kind() == Order::random) document["order_seed"] = options.order_seed.value_or(0);
  if (options.order.kind() == Order::adaptive) document["adaptive"] = options.order.plan()->description();
  if (options.order.kind() == Order::listed) {
    document["points"] = options.order.points()->points.size();
    document["points_sha256"] = points_digest(*options.order.points());
  }
  if (options.repeat > 1) document["repeat"] = options.repeat;
  for (const plan::Constraint& constraint : request.constraints) document["constraints"].push_back(constraint.name);
  return document;
}

io::Document plan_document(const RunRequest& request) {
  const RunOptions& options = request.options;
  io::Document plan = io::Document::object({{"kind", is_timed(options) ? "timed" : "sweep"}});
  if (!request.parameters.empty()) plan.merge(order_document(request));
  if (!is_timed(options)) return plan;
  if (options.duration) plan["duration_s"] = options.duration->seconds();
  if (options.count) plan["count"] = *options.count;
  plan["interval_s"] = interval_of(options).seconds();
  plan["overrun"] = options.overrun == Overrun::skip ? "skip" : "catch_up";
  if (options.cycle) plan["cycle"] = true;
  return plan;
}

io::Document host_document() {
  utsname names{};
  ::uname(&names);
  return io::Document::object({{"name", names.nodename},
                               {"system", std::string(names.sysname) + " " + names.release},
                               {"pid", std::int64_t{::getpid()}},
                               {"uid", std::int64_t{::getuid()}}});
}

}  // namespace

io::Document document_of_value(const Value& value) {
  if (const bool* b = value.get_if<bool>()) return *b;
  if (const std::int64_t* i = value.get_if<std::int64_t>()) return *i;
  if (const double* d = value.get_if<double>()) return *d;
  if (const std::string* s = value.get_if<std::string>()) return *s;
  if (value.is_null()) return nullptr;
  return plan::text_of(value);
}

std::string text_of_place(const Point::Data& point) {
  std::string text = fmt::format("point {}", point.index);
  for (std::size_t k = 0; k < point.names.size(); ++k) {
    text += fmt::format("{}{} = {}", k == 0 ? " (" : ", ", point.names[k], plan::text_of(point.values[k]));
  }
  return text + (point.names.empty() ? "" : ")");
}

io::Document run_document(const RunRequest& request) {
  io::Document document = io::Document::object();
  document["description"] = request.description;
  document["plan"] = plan_document(request);
  io::Document parameters = io::Document::array();
  for (const ParameterDefinition& parameter : request.parameters) parameters.push_back(parameter_document(parameter));
  document["parameters"] = std::move(parameters);
  io::Document acquisitions = io::Document::array();
  for (const auto& acquisition : request.acquisitions) acquisitions.push_back(acquisition->name());
  document["acquisitions"] = std::move(acquisitions);
  io::Document tasks = io::Document::array();
  for (const Task& task : request.tasks) tasks.push_back(task.name);
  document["tasks"] = std::move(tasks);
  document["host"] = host_document();
  document["versions"]["wheatstone"] = std::string(version());
  document.merge(request.details);
  document["plan"]["id"] = plan_id(request.name, document);
  return document;
}

io::Document outcome_document(const std::exception_ptr& error, const std::vector<std::string>& attached) {
  io::Document document = io::Document::object();
  if (error) document["error"] = text_of(error);
  if (!attached.empty()) {
    io::Document sentences = io::Document::array();
    for (const std::string& sentence : attached) sentences.push_back(sentence);
    document["attached"] = std::move(sentences);
  }
  return document;
}

}  // namespace wheatstone::session
