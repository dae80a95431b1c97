#include <mutex>
#include <string>
#include <unordered_set>
#include <wheatstone/unit.hpp>

namespace wheatstone {
inline namespace v1 {

Unit::Unit(std::string_view label) {
  if (label.empty()) return;
  static std::mutex* const mutex = new std::mutex;  // both outlive every thread
  static auto* const labels = new std::unordered_set<std::string>;
  const std::scoped_lock lock(*mutex);
  label_ = labels->emplace(label).first->c_str();  // nodes of a set do not move
}

}  // namespace v1
}  // namespace wheatstone
