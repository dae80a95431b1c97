#pragma once
// Character data with a short and a long form: MINimum, CHANnel1, ON.

#include <string>
#include <string_view>

#include "scpi/mnemonic.hpp"

namespace wheatstone::scpi {

/// A word as manuals print it, capitals (and digits) being the short form. Immutable.
class Keyword {
 public:
  /// "MAXimum", or "*IDN" for a common command. Throws ConfigurationError where the text is no mnemonic or longer than
  /// 16 characters.
  explicit Keyword(std::string_view printed);

  [[nodiscard]] const std::string& printed() const { return printed_; }        ///< "MAXimum"
  [[nodiscard]] const std::string& short_form() const { return short_form_; }  ///< "MAX"
  [[nodiscard]] bool matches(const Mnemonic& typed) const { return typed == short_ || typed == long_; }
  /// In any case, short or long.
  [[nodiscard]] bool matches(std::string_view typed) const {
    return typed.size() <= Mnemonic::k_longest && matches(Mnemonic::pack(typed));
  }

 private:
  std::string printed_;
  std::string short_form_;
  Mnemonic short_;
  Mnemonic long_;
};

}  // namespace wheatstone::scpi
