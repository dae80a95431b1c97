#include "scpi/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <wheatstone/error.hpp>

namespace wheatstone::scpi {

using Variants = std::vector<std::vector<std::uint8_t>>;

/// Reads the printed form by recursive descent; every bracket yields the variants of what it holds, and nothing.
class PatternCompiler {
 public:
  explicit PatternCompiler(Pattern& pattern) : pattern_(pattern), text_(pattern.printed_) {}

  void run() {
    pattern_.variants_ = sequence(0);
    if (at_ < text_.size() && text_[at_] == '?') {
      pattern_.query_only_ = true;
      ++at_;
    }
    if (at_ < text_.size()) fail("this does not belong here");
    if (pattern_.nodes_.empty()) fail("a node is missing");
    std::erase_if(pattern_.variants_, [](const auto& variant) { return variant.empty(); });
    std::stable_sort(pattern_.variants_.begin(), pattern_.variants_.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
    for (const PatternNode& node : pattern_.nodes_) pattern_.suffix_count_ += node.takes_suffix ? 1 : 0;
  }

 private:
  static constexpr std::size_t k_most_variants = 256;

  [[noreturn]] void fail(std::string_view why) const {
    throw ConfigurationError(
        fmt::format("the SCPI pattern '{}' cannot be read at character {}: {}", text_, at_ + 1, why));
  }

  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Variants sequence(int depth) {
    Variants all(1);
    for (;;) {
      const char c = peek();
      if (c == ':') {
        if (separated_ && at_ > 0 && text_[at_ - 1] != '[') fail("a node is missing before ':'");
        separated_ = true;
        ++at_;
      } else if (c == '[') {
        ++at_;
        append_optional(all, sequence(depth + 1));
        if (peek() != ']') fail("']' is missing");
        ++at_;
      } else if (is_letter(c) || c == '*') {
        append_node(all);
      } else {
        if (c == ']' && depth == 0) fail("there is no '[' for it");
        return all;
      }
    }
  }

  void append_optional(Variants& all, const Variants& inner) const {
    if (all.size() * (inner.size() + 1) > k_most_variants) fail("there are too many optional nodes");
    const Variants before = all;
    for (const auto& head : before) {
      for (const auto& tail : inner) {
        auto joined = head;
        joined.insert(joined.end(), tail.begin(), tail.end());
        all.push_back(std::move(joined));
      }
    }
  }

  void append_node(Variants& all) {
    if (!separated_) fail("':' is missing between two nodes");
    const std::size_t begin = at_;
    ++at_;
    while (is_mnemonic_character(peek())) ++at_;
    PatternNode node{Keyword(std::string_view(text_).substr(begin, at_ - begin))};
    suffix(node);
    separated_ = false;
    for (auto& variant : all) variant.push_back(static_cast<std::uint8_t>(pattern_.nodes_.size()));
    pattern_.nodes_.push_back(std::move(node));
  }

  void suffix(PatternNode& node) {
    const char c = peek();
    const bool bracketed = c == '[' && (is_digit(peek(1)) || peek(1) == '<');
    if (c != '<' && c != '{' && !bracketed) return;
    node.takes_suffix = true;
    const char close = c == '<' ? '>' : c == '{' ? '}' : ']';
    const std::size_t end = text_.find(close, at_);
    if (end == std::string::npos) fail(fmt::format("'{}' is missing", close));
    std::string_view inside = std::string_view(text_).substr(at_ + 1, end - at_ - 1);
    if (is_digit(inside.empty() ? '\0' : inside.front())) list(node, inside);
    at_ = end + 1;
  }

  void list(PatternNode& node, std::string_view inside) const {
    while (!inside.empty()) {
      int value = 0;
      const auto [rest, error] = std::from_chars(inside.data(), inside.data() + inside.size(), value);
      if (error != std::errc()) fail("a list of suffixes reads [1|2|3]");
      node.suffixes.push_back(value);
      inside.remove_prefix(static_cast<std::size_t>(rest - inside.data()));
      if (!inside.empty() && inside.front() != '|') fail("a list of suffixes reads [1|2|3]");
      if (!inside.empty()) inside.remove_prefix(1);
    }
  }

  Pattern& pattern_;
  const std::string& text_;
  std::size_t at_ = 0;
  bool separated_ = true;
};

Pattern::Pattern(std::string_view printed) : printed_(printed) {
  PatternCompiler(*this).run();
  make_pieces();
}

void Pattern::make_pieces() {
  std::vector<int> slots;
  int next_slot = 0;
  for (const PatternNode& node : nodes_) slots.push_back(node.takes_suffix ? next_slot++ : -1);
  pieces_.emplace_back();
  for (const std::uint8_t index : variants_.front()) {
    if (index != variants_.front().front()) pieces_.back().literal += ':';
    pieces_.back().literal += nodes_[index].keyword.short_form();
    if (slots[index] >= 0) {
      pieces_.back().slot = slots[index];
      pieces_.emplace_back();
    }
  }
}

void Pattern::append_shortest(std::string& out, std::span<const int> suffixes) const {
  for (const Piece& piece : pieces_) {
    out += piece.literal;
    if (piece.slot < 0) continue;
    const auto slot = static_cast<std::size_t>(piece.slot);
    char digits[12];
    const auto end = std::to_chars(digits, digits + sizeof digits, slot < suffixes.size() ? suffixes[slot] : 1).ptr;
    out.append(digits, end);
  }
}

namespace {

bool node_matches(const PatternNode& node, std::string_view typed) {
  if (node.keyword.matches(typed)) return true;
  if (!node.takes_suffix) return false;
  std::size_t letters = typed.size();
  while (letters > 0 && is_digit(typed[letters - 1])) --letters;
  int suffix = 0;
  std::from_chars(typed.data() + letters, typed.data() + typed.size(), suffix);
  const bool listed = node.suffixes.empty() || std::ranges::find(node.suffixes, suffix) != node.suffixes.end();
  return listed && node.keyword.matches(typed.substr(0, letters));
}

}  // namespace

bool Pattern::matches(std::string_view header) const {
  if (!header.empty() && header.front() == ':') header.remove_prefix(1);
  std::vector<std::string_view> typed;
  for (std::size_t begin = 0; begin <= header.size();) {
    const std::size_t colon = std::min(header.find(':', begin), header.size());
    typed.push_back(header.substr(begin, colon - begin));
    begin = colon + 1;
  }
  return std::ranges::any_of(variants_, [&](const auto& variant) {
    return std::ranges::equal(
        variant, typed, [&](std::uint8_t index, std::string_view name) { return node_matches(nodes_[index], name); });
  });
}

}  // namespace wheatstone::scpi
