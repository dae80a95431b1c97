#include "scpi/header_tree.hpp"

#include <fmt/format.h>

#include <wheatstone/error.hpp>

#include "scpi/error_list.hpp"

namespace wheatstone::scpi {
namespace {

std::size_t hash(std::uint32_t parent, const Mnemonic& name) {
  std::uint64_t mixed = (name.low ^ (name.high * 0x9E3779B97F4A7C15ULL)) + parent * 0xD6E8FEB86659FD93ULL;
  mixed ^= mixed >> 32;
  mixed *= 0xD6E8FEB86659FD93ULL;
  mixed ^= mixed >> 29;
  return static_cast<std::size_t>(mixed);
}

}  // namespace

/// A walk under way.
struct HeaderTree::Typed {
  std::uint32_t node = 0;
  std::uint32_t parent = 0;
  std::size_t depth = 0;
  std::array<std::int32_t, k_deepest> suffix = {};  // 0: none typed
};

HeaderTree::HeaderTree() : nodes_(1), edges_(64) {}

std::uint32_t HeaderTree::child_of(std::uint32_t parent, const Mnemonic& name) const {
  const std::size_t mask = edges_.size() - 1;
  for (std::size_t at = hash(parent, name) & mask;; at = (at + 1) & mask) {
    const Edge& edge = edges_[at];
    if (edge.child == k_none) return k_none;
    if (edge.parent == parent && edge.name == name) return edge.child;
  }
}

void HeaderTree::add_edge(std::uint32_t parent, const Mnemonic& name, std::uint32_t child) {
  if (2 * (edge_count_ + 1) > edges_.size()) grow();
  const std::size_t mask = edges_.size() - 1;
  std::size_t at = hash(parent, name) & mask;
  while (edges_[at].child != k_none) at = (at + 1) & mask;
  edges_[at] = {name, parent, child};
  ++edge_count_;
}

void HeaderTree::grow() {
  const std::vector<Edge> before = std::move(edges_);
  edges_.assign(before.size() * 2, Edge{});
  edge_count_ = 0;
  for (const Edge& edge : before) {
    if (edge.child != k_none) add_edge(edge.parent, edge.name, edge.child);
  }
}

std::uint32_t HeaderTree::add_child(std::uint32_t parent, const Keyword& keyword) {
  const Mnemonic short_form = Mnemonic::pack(keyword.short_form());
  const Mnemonic long_form = Mnemonic::pack(keyword.printed());
  // Two words with one short form (POSition, POSitive) have to share the node: typed short, nobody can tell them apart.
  std::uint32_t child = child_of(parent, long_form);
  const std::uint32_t of_short = child_of(parent, short_form);
  if (child == k_none && of_short != k_none) child = of_short;
  if (child == k_none) {
    child = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  }
  if (child_of(parent, long_form) == k_none) add_edge(parent, long_form, child);
  if (child_of(parent, short_form) == k_none) add_edge(parent, short_form, child);
  return child;
}

void HeaderTree::place(const Pattern& pattern, Leaf& leaf, const Leaf& made) const {
  if (leaf.value >= 0 && leaf.value != made.value) {
    throw ConfigurationError(fmt::format("the SCPI patterns '{}' and '{}' share a header", pattern.printed(),
                                         patterns_[static_cast<std::size_t>(leaf.value)]));
  }
  leaf = made;
}

HeaderTree::Leaf HeaderTree::make_leaf(const Pattern& pattern, std::int32_t value) {
  if (pattern.suffix_count() > k_most_suffixes || pattern.nodes().size() > k_deepest) {
    throw ConfigurationError(fmt::format("the SCPI pattern '{}' has too many nodes or suffixes", pattern.printed()));
  }
  Leaf leaf;
  leaf.value = value;
  for (const PatternNode& node : pattern.nodes()) {
    if (!node.takes_suffix) continue;
    for (const int suffix : node.suffixes) {
      if (suffix < 1 || suffix > 63) {
        throw ConfigurationError(fmt::format("the SCPI pattern '{}' lists a suffix beyond 1 to 63", pattern.printed()));
      }
      leaf.allowed[leaf.suffix_count] |= std::uint64_t{1} << suffix;
    }
    ++leaf.suffix_count;
  }
  leaf.slots.fill(-1);
  return leaf;
}

void HeaderTree::insert(const Pattern& pattern, bool setting, bool query, std::int32_t value) {
  if (patterns_.size() <= static_cast<std::size_t>(value)) patterns_.resize(static_cast<std::size_t>(value) + 1);
  patterns_[static_cast<std::size_t>(value)] = pattern.printed();
  Leaf leaf = make_leaf(pattern, value);
  std::array<std::int8_t, k_deepest> slot_of = {};
  std::int8_t next = 0;
  for (std::size_t i = 0; i < pattern.nodes().size(); ++i) {
    slot_of[i] = pattern.nodes()[i].takes_suffix ? next++ : std::int8_t{-1};
  }
  for (const auto& variant : pattern.variants()) {
    leaf.slots.fill(-1);
    std::uint32_t node = 0;
    for (std::size_t depth = 0; depth < variant.size(); ++depth) {
      const PatternNode& printed = pattern.nodes()[variant[depth]];
      node = add_child(node, printed.keyword);
      leaf.slots[depth] = slot_of[variant[depth]];
      if (printed.takes_suffix) nodes_[node].takes_suffix = true;
    }
    if (setting) place(pattern, nodes_[node].setting, leaf);
    if (query) place(pattern, nodes_[node].query, leaf);
  }
}

int HeaderTree::step(std::string_view typed, Typed& walk) const {
  if (typed.empty() || walk.depth == k_deepest) return k_undefined_header;
  if (typed.size() > Mnemonic::k_longest) return k_mnemonic_too_long;
  std::uint32_t child = child_of(walk.node, Mnemonic::pack(typed));
  if (child == k_none && is_digit(typed.back())) {
    std::size_t letters = typed.size();
    while (letters > 1 && is_digit(typed[letters - 1])) --letters;
    if (typed.size() - letters > 6) return k_suffix_out_of_range;
    std::int32_t suffix = 0;
    for (const char digit : typed.substr(letters)) suffix = suffix * 10 + (digit - '0');
    child = child_of(walk.node, Mnemonic::pack(typed.substr(0, letters)));
    if (child != k_none && (!nodes_[child].takes_suffix || suffix == 0)) return k_suffix_out_of_range;
    walk.suffix[walk.depth] = suffix;
  }
  if (child == k_none) return k_undefined_header;
  walk.parent = walk.node;
  walk.node = child;
  ++walk.depth;
  return k_no_error;
}

int HeaderTree::fill(const Leaf& leaf, const Typed& walk, Suffixes& suffixes) {
  suffixes.count = leaf.suffix_count;
  for (std::size_t depth = 0; depth < walk.depth; ++depth) {
    const std::int32_t typed = walk.suffix[depth];
    if (typed == 0) continue;
    if (leaf.slots[depth] < 0) return k_suffix_out_of_range;
    suffixes.values[static_cast<std::size_t>(leaf.slots[depth])] = typed;
  }
  for (std::size_t slot = 0; slot < leaf.suffix_count; ++slot) {
    const std::int32_t value = suffixes.values[slot];
    const std::uint64_t allowed = leaf.allowed[slot];
    if (allowed != 0 && (value > 63 || (allowed >> value & 1U) == 0)) return k_suffix_out_of_range;
  }
  return k_no_error;
}

int HeaderTree::walk_header(std::string_view unit, std::size_t& at, Typed& walk) const {
  int error = 0;
  for (;;) {
    const std::size_t begin = at;
    if (at == 0 && unit.starts_with('*')) ++at;
    while (at < unit.size() && is_mnemonic_character(unit[at])) ++at;
    if (error == 0) error = step(unit.substr(begin, at - begin), walk);
    if (at == unit.size() || unit[at] != ':') return error;
    ++at;
  }
}

HeaderHit HeaderTree::find(std::string_view unit, Path& path) const {
  HeaderHit hit;
  unit = without_space_before(unit);
  Typed walk;
  const bool common = unit.starts_with('*');
  if (!common && !unit.starts_with(':')) walk.node = walk.parent = path.node_;
  std::size_t at = unit.starts_with(':') ? 1 : 0;
  hit.error = walk_header(unit, at, walk);
  hit.header = unit.substr(0, at);
  hit.is_query = at < unit.size() && unit[at] == '?';
  if (hit.is_query) ++at;
  if (hit.error == 0 && at < unit.size() && !is_space(unit[at])) hit.error = k_syntax_error;
  if (hit.error != 0) return hit;

  const Leaf& leaf = hit.is_query ? nodes_[walk.node].query : nodes_[walk.node].setting;
  hit.error = leaf.value < 0 ? k_undefined_header : fill(leaf, walk, hit.suffixes);
  if (hit.error != 0) return hit;
  hit.value = leaf.value;
  if (!common) path.node_ = walk.parent;
  hit.rest = without_space_before(unit.substr(at));
  return hit;
}

}  // namespace wheatstone::scpi
