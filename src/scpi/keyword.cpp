#include "scpi/keyword.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/error.hpp>

namespace wheatstone::scpi {

Keyword::Keyword(std::string_view printed) : printed_(printed) {
  const std::string_view word = printed.starts_with('*') ? printed.substr(1) : printed;
  if (word.empty() || !is_letter(word.front()) || printed.size() > Mnemonic::k_longest ||
      !std::all_of(word.begin(), word.end(), is_mnemonic_character)) {
    throw ConfigurationError(
        fmt::format("'{}' is no SCPI keyword: write a letter, then letters and digits, 16 at most", printed));
  }
  std::copy_if(printed.begin(), printed.end(), std::back_inserter(short_form_),
               [](char c) { return c < 'a' || c > 'z'; });
  if (short_form_.empty()) {
    throw ConfigurationError(fmt::format("the SCPI keyword '{}' has no capitals: they mark its short form", printed));
  }
  short_ = Mnemonic::pack(short_form_);
  long_ = Mnemonic::pack(printed_);
}

}  // namespace wheatstone::scpi
