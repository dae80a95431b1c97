#pragma once
// What an acquisition returns.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

/// An ordered sequence of results, {key, Value}. Keys name columns; the order of first appearance is the columns'
/// order.
class Row {
 public:
  struct Entry {
    std::string key;
    Value value;
  };

  Row() = default;
  Row(std::initializer_list<Entry> entries) : entries_(entries) {}

  /// Sets the result of that key, at the end where it is new.
  void set(std::string_view key, Value value) {
    for (Entry& entry : entries_) {
      if (entry.key == key) {
        entry.value = std::move(value);
        return;
      }
    }
    entries_.push_back(Entry{std::string(key), std::move(value)});
  }
  void push_back(Entry entry) { entries_.push_back(std::move(entry)); }
  void clear() { entries_.clear(); }
  void reserve(std::size_t n) { entries_.reserve(n); }

  /// The value of that key, or null.
  [[nodiscard]] const Value* find(std::string_view key) const {
    for (const Entry& entry : entries_) {
      if (entry.key == key) return &entry.value;
    }
    return nullptr;
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }
  [[nodiscard]] Entry& operator[](std::size_t i) { return entries_[i]; }
  [[nodiscard]] const Entry& operator[](std::size_t i) const { return entries_[i]; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace v1
}  // namespace wheatstone
