#include "io/document.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <wheatstone/error.hpp>

namespace wheatstone::io {
namespace {

using Json = nlohmann::ordered_json;

Document from_json(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return Document(json.get<bool>());
    case Json::value_t::number_integer:
      return Document(json.get<std::int64_t>());
    case Json::value_t::number_unsigned: {
      const auto value = json.get<std::uint64_t>();
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return Document(static_cast<double>(value));
      return Document(static_cast<std::int64_t>(value));
    }
    case Json::value_t::number_float:
      return Document(json.get<double>());
    case Json::value_t::string:
      return Document(json.get<std::string>());
    case Json::value_t::array: {
      Document::Array items;
      items.reserve(json.size());
      for (const Json& item : json) items.push_back(from_json(item));
      return Document(std::move(items));
    }
    case Json::value_t::object: {
      Document object = Document::object();
      for (const auto& [key, value] : json.items()) object[key] = from_json(value);
      return object;
    }
    default:
      return Document();
  }
}

Json to_json(const Document& document) {
  if (const auto* b = document.get_if<bool>()) return Json(*b);
  if (const auto* i = document.get_if<std::int64_t>()) return Json(*i);
  if (const auto* d = document.get_if<double>()) return Json(*d);
  if (const auto* s = document.get_if<std::string>()) return Json(*s);
  if (document.is_array()) {
    Json array = Json::array();
    for (const Document& item : document.items()) array.push_back(to_json(item));
    return array;
  }
  if (document.is_object()) {
    Json object = Json::object();
    for (const Document::Member& member : document.members()) object.push_back({member.key, to_json(member.value)});
    return object;
  }
  return Json();
}

std::string line_and_column(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

Document::Document(Array v) : content_(std::move(v)) {}

Document Document::object(std::initializer_list<Member> members) {
  Document document;
  document.content_ = Object(members);
  return document;
}

Document Document::array(std::initializer_list<Document> items) { return Document(Array(items)); }

const Document* Document::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&content_);
  if (object == nullptr) return nullptr;
  const auto found = std::find_if(object->begin(), object->end(), [&](const Member& m) { return m.key == key; });
  return found == object->end() ? nullptr : &found->value;
}

std::string Document::text(std::initializer_list<std::string_view> path, std::string_view otherwise) const {
  const Document* here = this;
  for (const std::string_view key : path) {
    here = here->find(key);
    if (here == nullptr) return std::string(otherwise);
  }
  const auto* text = here->get_if<std::string>();
  return text != nullptr ? *text : std::string(otherwise);
}

Document& Document::operator[](std::string_view key) {
  if (is_null()) content_ = Object();
  auto& object = std::get<Object>(content_);
  for (Member& member : object) {
    if (member.key == key) return member.value;
  }
  object.push_back(Member{std::string(key), Document()});
  return object.back().value;
}

std::optional<Document> Document::take(std::string_view key) {
  auto* object = std::get_if<Object>(&content_);
  if (object == nullptr) return std::nullopt;
  const auto found = std::find_if(object->begin(), object->end(), [&](const Member& m) { return m.key == key; });
  if (found == object->end()) return std::nullopt;
  std::optional<Document> taken = std::move(found->value);
  object->erase(found);
  return taken;
}

void Document::push_back(Document item) {
  if (is_null()) content_ = Array();
  std::get<Array>(content_).push_back(std::move(item));
}

void Document::merge(const Document& other) {
  if (!other.is_object()) {
    if (!other.is_null()) content_ = other.content_;
    return;
  }
  if (!is_object()) content_ = Object();
  for (const Member& member : other.members()) {
    Document& mine = (*this)[member.key];
    if (member.value.is_object() && mine.is_object()) {
      mine.merge(member.value);
    } else {
      mine = member.value;
    }
  }
}

const Document::Object& Document::members() const {
  static const Object k_none;
  const auto* object = std::get_if<Object>(&content_);
  return object != nullptr ? *object : k_none;
}

const Document::Array& Document::items() const {
  static const Array k_none;
  const auto* array = std::get_if<Array>(&content_);
  return array != nullptr ? *array : k_none;
}

Document Document::parse(std::string_view json) {
  try {
    return from_json(Json::parse(json.begin(), json.end()));
  } catch (const Json::parse_error& error) {
    throw DataError("the text is no JSON: " + line_and_column(json, error.byte) + " cannot be understood");
  } catch (const Json::exception& error) {
    throw DataError(std::string("the text is no JSON that can be kept: ") + error.what());
  }
}

std::string Document::dump(bool indented) const {
  return to_json(*this).dump(indented ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wheatstone::io
