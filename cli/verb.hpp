#pragma once
// A verb of the program as its own file declares it: what it takes, what it does, how it is explained. Reading the
// words that were typed (read_words.hpp), help (help.hpp) and the shells' completion all go by these declarations.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "terminal.hpp"

namespace wheatstone::cli {

/// What a shell offers in the place of a value, besides its choices.
enum class Offer : std::uint8_t { nothing, file, folder, run, trashed_run, run_name, tag, profile, bench };

/// How a value is read and explained.
struct Rules {
  bool required = false;
  std::string value = {};                 ///< its name in the help, "FOLDER"; by its type where empty
  std::vector<std::string> choices = {};  ///< it is one of these, where there are any
  std::uint64_t least = 0;                ///< of whole numbers
  std::uint64_t most = UINT64_MAX;        ///< of whole numbers
  Offer offers = Offer::nothing;
};

/// Where a value is written once it was typed. What it holds before is the default; the help shows it.
using Target = std::variant<bool*, std::string*, std::filesystem::path*, std::uint64_t*, std::optional<std::uint64_t>*,
                            std::optional<double>*, std::vector<std::string>*>;

/// One option, flag or argument.
struct Option {
  std::string names = {};  ///< "-o,--output"; of an argument, "run"
  std::string what = {};   ///< a sentence without its full stop
  Target target = {};
  Rules rules = {};

  [[nodiscard]] bool is_argument() const { return !names.starts_with('-'); }
  [[nodiscard]] bool is_flag() const { return std::holds_alternative<bool*>(target); }
  /// May be typed several times, or, of an argument, stand for several words.
  [[nodiscard]] bool is_list() const { return std::holds_alternative<std::vector<std::string>*>(target); }
};

/// A verb, or a noun with verbs of its own ("runs"). Declared once, at the start; lives as long as the program.
class Verb {
 public:
  Verb(std::string name, std::string what) : name_(std::move(name)), what_(std::move(what)) {}

  /// A verb below this one. The reference stays good.
  Verb& verb(std::string name, std::string what);
  /// Another name that does the same, such as "list" for "ls".
  void also(std::string name) { other_names_.push_back(std::move(name)); }

  /// What the verb does: takes what was typed and returns the exit status; errors of the library pass through. Returns
  /// the options, which live with the verb, for option() and its like to point into.
  template <class Options>
  Options& does(int (*work)(const Terminal&, const Options&), Options options = {}) {
    const auto kept = std::make_shared<Options>(std::move(options));
    work_ = [work, kept](const Terminal& terminal) { return work(terminal, *kept); };
    return *kept;
  }
  void does(int (*work)(const Terminal&)) { work_ = work; }

  /// An option with a value, "-o,--output"; a vector takes a value each time that it is typed.
  template <class T>
  void option(std::string names, T& target, std::string what, Rules rules = {}) {
    options_.push_back({std::move(names), std::move(what), &target, std::move(rules)});
  }
  void flag(std::string names, bool& target, std::string what) { option(std::move(names), target, std::move(what)); }
  /// A word without a name in front; a vector takes all words that are left, and those after "--".
  template <class T>
  void argument(std::string name, T& target, std::string what, Rules rules = {}) {
    option(std::move(name), target, std::move(what), std::move(rules));
  }

  /// A command line that makes sense, shown in the help; the first where there are several.
  void example(std::string command) { examples_.push_back(std::move(command)); }
  /// A paragraph for the help.
  void note(std::string paragraph) { notes_.push_back(std::move(paragraph)); }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<std::string>& other_names() const { return other_names_; }
  [[nodiscard]] const std::string& what() const { return what_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Verb>>& verbs() const { return verbs_; }
  [[nodiscard]] const std::vector<Option>& options() const { return options_; }
  [[nodiscard]] const std::vector<std::string>& examples() const { return examples_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  /// The verb below this one of that name; null where there is none.
  [[nodiscard]] const Verb* find(std::string_view name) const;
  /// Does it. REQUIRES: does() said what.
  [[nodiscard]] int run(const Terminal& terminal) const { return work_(terminal); }

 private:
  std::string name_;
  std::vector<std::string> other_names_;
  std::string what_;
  std::vector<std::unique_ptr<Verb>> verbs_;
  std::vector<Option> options_;
  std::vector<std::string> examples_;
  std::vector<std::string> notes_;
  std::function<int(const Terminal&)> work_;
};

/// What many verbs take.
inline constexpr const char* k_run_help = "The run: 'last', its name, its folder, or the beginning of its id";
inline constexpr const char* k_store_help = "The folder of runs (WHEATSTONE_STORE, else ./wheatstone-runs)";
inline constexpr const char* k_json_help = "For programs, with the keys of docs/reference/json.md";

/// `run`, by default the last where it is not required; and --store.
void take_run(Verb& verb, std::string& run, std::filesystem::path& store, bool required = false);
void take_store(Verb& verb, std::filesystem::path& store);

}  // namespace wheatstone::cli
