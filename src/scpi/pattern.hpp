#pragma once
// A command header as manuals print it: [SOURce:]VOLTage[:LEVel][:IMMediate][:AMPLitude], CHANnel<n>:SCALe, *IDN?

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scpi/keyword.hpp"

namespace wheatstone::scpi {

/// One node of a header.
struct PatternNode {
  Keyword keyword;
  bool takes_suffix = false;       ///< printed with <n>, [<n>], [1|2] or {1|2}
  std::vector<int> suffixes = {};  ///< the values listed; empty where any is printed
};

/// A header compiled once. Immutable, any thread.
///
/// Nodes are separated by ':'; what stands in brackets may be left out, brackets may nest; capitals are the short form;
/// <n> (any letter) or a list [1|2] directly behind a node is its numeric suffix, 1 where it is left out (SCPI-99
/// volume 1, section 6.2.5.2). A '?' at the end says that only the query exists.
class Pattern {
 public:
  /// Throws ConfigurationError that quotes the pattern and points at the character it stumbled over.
  explicit Pattern(std::string_view printed);

  [[nodiscard]] const std::string& printed() const { return printed_; }
  [[nodiscard]] bool is_query_only() const { return query_only_; }
  [[nodiscard]] std::span<const PatternNode> nodes() const { return nodes_; }
  /// How many nodes take a suffix; suffixes are always given and returned in the order of these nodes.
  [[nodiscard]] std::size_t suffix_count() const { return suffix_count_; }

  /// Every legal selection of nodes, as indices into nodes(); the shortest one comes first.
  [[nodiscard]] std::span<const std::vector<std::uint8_t>> variants() const { return variants_; }

  /// Appends the shortest legal header. Suffixes in order; a missing one is 1, and 1 is written out (CHAN1) only in
  /// nodes that must stand.
  void append_shortest(std::string& out, std::span<const int> suffixes = {}) const;

  /// Whether `header` (any case, short or long forms, with or without leading ':') is a legal form of this pattern. For
  /// text inside strings, such as FUNCtion "VOLT:DC"; commands are found through HeaderTree.
  [[nodiscard]] bool matches(std::string_view header) const;

 private:
  friend class PatternCompiler;
  struct Piece {  // of the shortest form: literal text, then a suffix slot or -1
    std::string literal;
    int slot = -1;
  };

  void make_pieces();

  std::string printed_;
  bool query_only_ = false;
  std::vector<PatternNode> nodes_;
  std::size_t suffix_count_ = 0;
  std::vector<std::vector<std::uint8_t>> variants_;
  std::vector<Piece> pieces_;
};

}  // namespace wheatstone::scpi
