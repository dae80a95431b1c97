#include "json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <wheatstone/error.hpp>

#include "cell_text.hpp"
#include "text.hpp"

namespace wheatstone::cli {

using Document = nlohmann::ordered_json;

struct Json::Content {
  Document document;
};

namespace {

std::string dumped(const Document& document, int indent) {
  return document.dump(indent, ' ', false, Document::error_handler_t::replace);
}

}  // namespace

Json::Json() : content_(std::make_shared<Content>()) {}
Json::Json(std::shared_ptr<Content> content) : content_(std::move(content)) {}
Json::Json(double value) : Json() {
  if (std::isfinite(value)) content_->document = value;
}
Json::Json(std::string_view value) : Json() { content_->document = value; }
Json::Json(Time value) : Json(rfc3339(value)) {}
Json::Json(const std::vector<std::string>& values) : Json() { content_->document = values; }

Json::Json(const Value& value) : Json() {
  if (const bool* const b = value.get_if<bool>()) {
    content_->document = *b;
  } else if (const std::int64_t* const i = value.get_if<std::int64_t>()) {
    content_->document = *i;
  } else if (const double* const d = value.get_if<double>()) {
    // JSON has neither; a range that was exceeded must not look like a missing cell. Exports say the same.
    if (std::isnan(*d)) {
      content_->document = "NaN";
    } else if (std::isinf(*d)) {
      content_->document = *d > 0 ? "Infinity" : "-Infinity";
    } else {
      content_->document = *d;
    }
  } else if (!value.is_null()) {
    content_->document = cell_text(value);
  }
}

Json Json::of_bool(bool value) { return Json(std::make_shared<Content>(Document(value))); }
Json Json::of_count(std::uint64_t value) { return Json(std::make_shared<Content>(Document(value))); }
Json Json::of_integer(std::int64_t value) { return Json(std::make_shared<Content>(Document(value))); }

Json Json::object(std::initializer_list<std::pair<const char*, Json>> members) {
  Json made;
  made.content_->document = Document::object();
  for (const auto& [key, value] : members) made.set(key, value);
  return made;
}

Json Json::array() { return Json(std::make_shared<Content>(Document::array())); }

Json Json::parsed(std::string_view text) {
  try {
    return Json(std::make_shared<Content>(Document::parse(text)));
  } catch (const Document::exception& error) {
    throw DataError(fmt::format("this is no JSON: {}", error.what()));
  }
}

Json& Json::set(std::string_view key, const Json& value) {
  content_->document[std::string(key)] = value.content_->document;
  return *this;
}

Json& Json::add(const Json& item) {
  content_->document.push_back(item.content_->document);
  return *this;
}

std::map<std::string, std::string> Json::texts(std::initializer_list<const char*> path) const {
  const Document* place = &content_->document;
  for (const char* key : path) {
    if (!place->is_object() || !place->contains(key)) return {};
    place = &place->at(key);
  }
  std::map<std::string, std::string> texts;
  if (!place->is_object()) return texts;
  for (const auto& [key, value] : place->items()) {
    if (value.is_string()) texts.emplace(key, value.get<std::string>());
  }
  return texts;
}

std::string Json::line() const { return dumped(content_->document, -1); }
std::string Json::text() const { return dumped(content_->document, 2) + "\n"; }

}  // namespace wheatstone::cli
