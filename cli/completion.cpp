// wheatstone completion: what the shells need to complete its words.

#include <ostream>
#include <string_view>

#include "offers.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

// Each script asks `wheatstone completion words WORDS...` what fits in the place of the last word. An answer is a line
// each, the word, a tab and its meaning; ":file" and ":folder" stand for the shell's own names of these.

constexpr std::string_view k_bash =
    R"bash(# Completion of wheatstone's command line for bash; `source` this file, or put it where
# bash-completion looks: ~/.local/share/bash-completion/completions/wheatstone
_wheatstone() {
  local IFS=$'\n' line word current
  # Up to the cursor, as bash splits it; a colon or an equals sign within a word is glued together again.
  local words=() prefix=""
  local text=${COMP_LINE:0:COMP_POINT}
  local i
  for ((i = 1; i <= COMP_CWORD; i++)); do words+=("${COMP_WORDS[i]}"); done
  current=${COMP_WORDS[COMP_CWORD]}
  if declare -F _get_comp_words_by_ref > /dev/null; then
    local cword all=()
    _get_comp_words_by_ref -n := -w all -i cword -c current
    words=("${all[@]:1:cword}")
  fi
  # What is typed in quotes is asked for without them.
  local bare=${current#[\'\"]}
  bare=${bare//\\/}
  words[${#words[@]}-1]=$bare
  COMPREPLY=()
  for line in $("${COMP_WORDS[0]}" completion words -- "${words[@]}" 2> /dev/null); do
    word=${line%%$'\t'*}
    case $word in
      :file) compopt -o filenames; COMPREPLY+=($(compgen -f -- "$bare")) ;;
      :folder) compopt -o filenames; COMPREPLY+=($(compgen -d -- "$bare")) ;;
      *)
        case $current in
          [\'\"]*) COMPREPLY+=("$word") ;;
          *) COMPREPLY+=("$(printf '%q' "$word")") ;;
        esac
        ;;
    esac
  done
  if declare -F __ltrim_colon_completions > /dev/null; then __ltrim_colon_completions "$current"; fi
}
complete -F _wheatstone wheatstone
)bash";

constexpr std::string_view k_zsh = R"zsh(#compdef wheatstone
# Completion of wheatstone's command line for zsh; put it into a folder of $fpath as _wheatstone, or `source` it after
# compinit.
_wheatstone() {
  local -a lines found
  local line word meaning
  local -i files=0 folders=0
  lines=("${(@f)$("${words[1]}" completion words -- "${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  for line in "${lines[@]}"; do
    word=${line%%$'\t'*}
    meaning=${line#*$'\t'}
    case $word in
      '') ;;
      :file) files=1 ;;
      :folder) folders=1 ;;
      *) found+=("${word//:/\\:}:$meaning") ;;
    esac
  done
  (( $#found )) && _describe -V wheatstone found
  (( files )) && _files
  (( folders )) && _files -/
  return 0
}
if [[ $funcstack[1] == _wheatstone ]]; then _wheatstone "$@"; else compdef _wheatstone wheatstone; fi
)zsh";

constexpr std::string_view k_fish =
    R"fish(# Completion of wheatstone's command line for fish; put it into ~/.config/fish/completions/wheatstone.fish
function __wheatstone_words
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] completion words -- $words[2..-1] 2> /dev/null)
        switch $line
            case ':file*'
                __fish_complete_path (commandline -ct)
            case ':folder*'
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c wheatstone -f -k -a '(__wheatstone_words)'
)fish";

struct WordsOptions {
  std::vector<std::string> words = {};
};

template <const std::string_view& script>
int print_script(const Terminal& terminal) {
  *terminal.out << script;
  return k_done;
}

int print_words(const Terminal& terminal, const WordsOptions& options) {
  const Verb program = declared_program();
  const Suggestions found = suggestions(program, options.words);
  for (const Suggestion& each : found.words) *terminal.out << each.word << '\t' << printable(each.meaning) << '\n';
  if (found.files) *terminal.out << ":file\t\n";
  if (found.folders) *terminal.out << ":folder\t\n";
  return k_done;
}

}  // namespace

void add_completion(Verb& program) {
  Verb& completion = program.verb("completion", "Scripts by which shells complete verbs, options, runs and models");
  Verb& bash = completion.verb("bash", "The script for bash");
  bash.does(&print_script<k_bash>);
  bash.example("source <(wheatstone completion bash)");
  Verb& zsh = completion.verb("zsh", "The script for zsh");
  zsh.does(&print_script<k_zsh>);
  zsh.example("source <(wheatstone completion zsh)");
  Verb& fish = completion.verb("fish", "The script for fish");
  fish.does(&print_script<k_fish>);
  fish.example("wheatstone completion fish > ~/.config/fish/completions/wheatstone.fish");
  Verb& words = completion.verb("words", "What fits in the place of the last word, a line each; for these scripts");
  WordsOptions& options = words.does(&print_words);
  words.argument("word", options.words, "The words after the program's name, the last one as far as it is typed",
                 {.required = true});
  words.example("wheatstone completion words -- runs show ''");
  completion.example("source <(wheatstone completion bash)");
}

}  // namespace wheatstone::cli
