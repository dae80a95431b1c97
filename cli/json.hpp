#pragma once
// What the program prints for other programs.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone::cli {

/// A JSON document in the making. Copies share what they hold. Numbers that JSON lacks (NaN, infinities) become null,
/// bytes that are no UTF-8 become U+FFFD.
class Json {
 public:
  Json();  ///< null
  /// An object whose members stand in this order.
  static Json object(std::initializer_list<std::pair<const char*, Json>> members = {});
  static Json array();
  /// Text that is JSON already. Throws DataError where it is none.
  static Json parsed(std::string_view text);

  template <std::same_as<bool> B>
  Json(B value) : Json(of_bool(value)) {}  // NOLINT: implicit by design, all below too
  template <std::unsigned_integral U>
    requires(!std::same_as<U, bool>)
  Json(U value) : Json(of_count(value)) {}  // NOLINT
  template <std::signed_integral I>
  Json(I value) : Json(of_integer(value)) {}                         // NOLINT
  Json(double value);                                                // NOLINT
  Json(std::string_view value);                                      // NOLINT
  Json(const std::string& value) : Json(std::string_view(value)) {}  // NOLINT
  Json(const char* value) : Json(std::string_view(value)) {}         // NOLINT
  Json(Time value);                                                  ///< "2026-11-23T10:15:02.123456789Z" NOLINT
  Json(
      const Value& value);  ///< scalars as they are; what JSON lacks as text; arrays and the like by their shape NOLINT
  Json(const std::vector<std::string>& values);  // NOLINT
  template <class T>
  Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json()) {}  // NOLINT

  /// REQUIRES: an object; an array.
  Json& set(std::string_view key, const Json& value);
  Json& add(const Json& item);

  /// The members that are text of the object at a path of keys; none where there is no such object.
  [[nodiscard]] std::map<std::string, std::string> texts(std::initializer_list<const char*> path) const;

  /// One line; or indented, with a newline at the end.
  [[nodiscard]] std::string line() const;
  [[nodiscard]] std::string text() const;

 private:
  struct Content;
  explicit Json(std::shared_ptr<Content> content);
  static Json of_bool(bool value);
  static Json of_count(std::uint64_t value);
  static Json of_integer(std::int64_t value);

  std::shared_ptr<Content> content_;
};

}  // namespace wheatstone::cli
