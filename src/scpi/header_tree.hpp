#pragma once
// All headers of one instrument, found in either form, any case, with the path rules of compound messages.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scpi/pattern.hpp"

namespace wheatstone::scpi {

inline constexpr std::size_t k_most_suffixes = 4;

/// Numeric suffixes of one header in the order in which its pattern prints them; 1 where left out.
struct Suffixes {
  std::array<std::int32_t, k_most_suffixes> values = {1, 1, 1, 1};
  std::uint8_t count = 0;
  [[nodiscard]] int operator[](std::size_t index) const { return values[index]; }
};

/// What a header names.
struct HeaderHit {
  int error = 0;            ///< 0, or -112, -113, -114, -102; then nothing below but `header` holds
  std::int32_t value = -1;  ///< as given to insert()
  bool is_query = false;
  Suffixes suffixes;
  std::string_view header;  ///< the header as typed, without '?'
  std::string_view rest;    ///< what follows the header: the arguments, without white space before them
};

/// A tree of nodes; a walk costs one hash probe a node. Filled once, then immutable and safe from any thread.
class HeaderTree {
 public:
  /// A place in the tree from which a header without leading ':' is read (IEEE 488.2 appendix A, SCPI-99 volume 1
  /// section 6.2.4): the parent of the last node of the header before. Default: the root.
  class Path {
    friend class HeaderTree;
    std::uint32_t node_ = 0;
  };

  HeaderTree();

  /// Adds all variants of `pattern` for its setting form, its query form, or both. Throws ConfigurationError where a
  /// variant already leads elsewhere, naming both.
  void insert(const Pattern& pattern, bool setting, bool query, std::int32_t value);

  /// Reads the header of one message unit ("VOLT 1.5,(@1)"; ":chan1:scale?"; "*CLS"). `path` is moved on as the
  /// standard says: common commands leave it, and so do headers that are not found.
  [[nodiscard]] HeaderHit find(std::string_view unit, Path& path) const;

 private:
  static constexpr std::uint32_t k_none = 0;
  static constexpr std::size_t k_deepest = 12;

  struct Edge {
    Mnemonic name;
    std::uint32_t parent = 0;
    std::uint32_t child = k_none;  // k_none: empty place of the hash table
  };
  struct Leaf {
    std::int32_t value = -1;
    std::uint8_t suffix_count = 0;
    std::array<std::int8_t, k_deepest> slots = {};            // by depth; -1 where the node takes no suffix
    std::array<std::uint64_t, k_most_suffixes> allowed = {};  // by slot, one bit a value; 0: any
  };
  struct Node {
    Leaf setting;
    Leaf query;
    bool takes_suffix = false;
  };
  struct Typed;

  [[nodiscard]] std::uint32_t child_of(std::uint32_t parent, const Mnemonic& name) const;
  std::uint32_t add_child(std::uint32_t parent, const Keyword& keyword);
  void add_edge(std::uint32_t parent, const Mnemonic& name, std::uint32_t child);
  void grow();
  void place(const Pattern& pattern, Leaf& leaf, const Leaf& made) const;
  int step(std::string_view typed, Typed& walk) const;
  int walk_header(std::string_view unit, std::size_t& at, Typed& walk) const;
  static int fill(const Leaf& leaf, const Typed& walk, Suffixes& suffixes);
  static Leaf make_leaf(const Pattern& pattern, std::int32_t value);

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;  // open addressing, a power of two, at most half full
  std::size_t edge_count_ = 0;
  std::vector<std::string> patterns_;  // by value, for messages
};

}  // namespace wheatstone::scpi
