#pragma once
// A JSON document as a value: what run.json and events.jsonl hold.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wheatstone::io {

/// A tree of objects (in order of insertion), arrays and scalars. Parsing and printing are the JSON library's, in one
/// translation unit.
class Document {
 public:
  struct Member;
  using Array = std::vector<Document>;
  using Object = std::vector<Member>;

  // What needs a complete Member is defined below it.
  Document();  // null
  Document(const Document&);
  Document(Document&&) noexcept;
  Document& operator=(const Document&);
  Document& operator=(Document&&) noexcept;
  ~Document();
  Document(std::nullptr_t);  // NOLINT: implicit by design, all below too
  template <std::same_as<bool> B>
  Document(B v);  // NOLINT
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  Document(I v);  // NOLINT
  template <std::floating_point F>
  Document(F v);                 // NOLINT
  Document(std::string v);       // NOLINT
  Document(std::string_view v);  // NOLINT
  Document(const char* v);       // NOLINT
  Document(Array v);             // NOLINT
  static Document object(std::initializer_list<Member> members = {});
  static Document array(std::initializer_list<Document> items = {});

  [[nodiscard]] bool is_null() const { return content_.index() == 0; }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(content_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(content_); }
  template <class T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&content_);
  }

  /// The member of that key, or null where there is none or this is no object.
  [[nodiscard]] const Document* find(std::string_view key) const;
  /// The text at a path of keys, or `otherwise`.
  [[nodiscard]] std::string text(std::initializer_list<std::string_view> path, std::string_view otherwise = {}) const;
  /// The member of that key, made where missing; turns null into an object.
  Document& operator[](std::string_view key);
  /// Removes the member of that key and returns it; none where there is none.
  std::optional<Document> take(std::string_view key);
  /// Turns null into an array.
  void push_back(Document item);
  /// Sets every member of `other` here, recursing into objects.
  void merge(const Document& other);

  [[nodiscard]] const Object& members() const;
  [[nodiscard]] const Array& items() const;

  /// Throws DataError naming line and column.
  static Document parse(std::string_view json);
  /// One line, or indented by two spaces. NaN and infinities become null.
  [[nodiscard]] std::string dump(bool indented = false) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> content_;
};

struct Document::Member {
  std::string key;
  Document value;
};

inline Document::Document() = default;
inline Document::Document(const Document&) = default;
inline Document::Document(Document&&) noexcept = default;
inline Document& Document::operator=(const Document&) = default;
inline Document& Document::operator=(Document&&) noexcept = default;
inline Document::~Document() = default;
inline Document::Document(std::nullptr_t) {}
template <std::same_as<bool> B>
Document::Document(B v) : content_(v) {}
template <std::integral I>
  requires(!std::same_as<I, bool>)
Document::Document(I v) : content_(static_cast<std::int64_t>(v)) {}
template <std::floating_point F>
Document::Document(F v) : content_(static_cast<double>(v)) {}
inline Document::Document(std::string v) : content_(std::move(v)) {}
inline Document::Document(std::string_view v) : content_(std::string(v)) {}
inline Document::Document(const char* v) : content_(std::string(v)) {}

}  // namespace wheatstone::io
