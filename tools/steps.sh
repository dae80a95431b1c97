# The steps that ./dev is made of. Sourced, never run.

readonly venv=.venv
readonly jobs=${WHEATSTONE_JOBS:-$(nproc)}
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
readonly callers_path=$PATH
export PATH="$PWD/$venv/bin:$PATH" VIRTUAL_ENV="$PWD/$venv"

say() { printf '\033[1m==\033[0m %s\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# quietly LOG COMMAND...: shows the command's output only where it fails.
quietly() {
  local log=$1; shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 && return 0
  tail -n 60 "$log" >&2
  fail "failed: $* (the whole output is in $log)"
}

# timed STEP...: what it took goes into the table that show_times prints, by the clock and of processors (user and system).
taken=()
timed() {
  local began=$SECONDS before
  read_processor_time
  before=$processor_time
  "$@"
  read_processor_time
  taken+=("$(printf '%-20s %6d s %10d s' "$*" $((SECONDS - began)) $((processor_time - before)))")
}

# In this shell, not in one below it, which would count from nothing: hence the file.
read_processor_time() {
  local file
  file=$(mktemp)
  times >"$file"
  processor_time=$(awk '{ for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); sum += 60 * t[1] + t[2] } } END { printf "%d", sum }' "$file")
  rm -f "$file"
}

show_times() {
  printf '%-20s %8s %12s\n' step clock processors >&2
  printf '%s\n' "${taken[@]}" >&2
}

# --- set-up -----------------------------------------------------------------------------------------------------------

set_up() {
  # shellcheck disable=SC2046
  install_system_packages "cmake ninja g++" $(wanted_packages)
  make_python_environment
}

# Prints the first Python that is new enough and can make environments and build extensions.
find_python() {
  local candidate
  for candidate in "${WHEATSTONE_PYTHON:-}" python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if [[ -n $candidate ]] && "$candidate" - 2>/dev/null <<'PY'
import ensurepip, os, sys, sysconfig, venv
sys.exit(sys.version_info < (3, 11) or not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))
PY
    then
      command -v "$candidate"
      return
    fi
  done
}

wanted_packages() {
  grep -v '^#' tools/packages.txt
  [[ -x $venv/bin/python || -n $(find_python) ]] || echo python3 python3-venv python3-dev
}

missing_packages() {  # missing_packages PACKAGE...
  comm -13 <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u) \
    <(printf '%s\n' "$@" | sort -u)
}

are_there() {  # are_there PROGRAM...
  local program
  for program in "$@"; do command -v "$program" >/dev/null || return 1; done
}

# Where there is no Debian, the programs have to be there instead.
install_system_packages() {  # install_system_packages "PROGRAM..." PACKAGE...
  local programs=$1
  shift
  if ! command -v dpkg-query >/dev/null; then
    are_there $programs && return
    fail "this is no Debian: install the equivalents of $* and try again"
  fi
  local missing
  missing=$(missing_packages "$@" | paste -sd' ')
  [[ -n $missing ]] || return 0
  if [[ $(id -u) != 0 ]]; then
    fail "some system packages are missing. Ask an administrator to run:
  apt-get update && apt-get install --no-install-recommends -y $missing"
  fi
  say "installing system packages: $missing"
  quietly build/log/apt-update.txt apt-get update -q
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive quietly build/log/apt-install.txt apt-get install --no-install-recommends -y -q $missing
}

make_python_environment() {
  local stamp=$venv/requirements.sha256 wanted
  wanted=$(sha256sum <tools/requirements.txt)
  [[ -x $venv/bin/python && -f $stamp && $(<"$stamp") == "$wanted" ]] && return 0
  if [[ ! -x $venv/bin/python ]]; then
    local python
    python=$(find_python)
    [[ -n $python ]] || fail "no Python of version 3.11 or later with venv and headers was found: install python3, python3-venv and python3-dev"
    say "making $venv with $("$python" --version)"
    "$python" -m venv "$venv"
  fi
  say "installing tools/requirements.txt into $venv"
  quietly build/log/pip.txt "$venv/bin/python" -m pip install --disable-pip-version-check -q -r tools/requirements.txt
  printf '%s\n' "$wanted" >"$stamp"
}

# --- build ------------------------------------------------------------------------------------------------------------

# Whether a build folder is there, newer than the presets, and has these -DNAME=VALUE; whoever runs cmake by hand changes them.
is_configured() {  # is_configured PRESET [OPTION...]
  local folder=build/$1 option
  shift
  [[ -f $folder/build.ninja && CMakePresets.json -ot $folder/build.ninja ]] || return 1
  for option in "$@"; do
    option=${option#-D}
    grep -q "^${option%%=*}:[A-Z]*=${option#*=}\$" "$folder/CMakeCache.txt" || return 1
  done
}

configure() {  # configure PRESET [OPTION...]
  local preset=$1; shift
  local launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  is_configured "$preset" "$@" && return 0
  say "configuring build/$preset"
  quietly "build/log/configure-$preset.txt" cmake --preset "$preset" "${launcher[@]}" \
    -DPython_EXECUTABLE="$PWD/$venv/bin/python" "$@"
}

compile() {  # compile PRESET [TARGET...]
  local preset=$1; shift
  say "building build/$preset${*:+: $*}"
  # On a terminal one line that is rewritten; elsewhere only what went wrong.
  local quiet=(--quiet)
  [[ -t 1 ]] && quiet=()
  ninja -C "build/$preset" -j "$jobs" "${quiet[@]}" "$@"
}

# The program and the Python package, both of the build tree: edits of Python files count at once.
build_product() {
  configure dev -DWHEATSTONE_PYTHON=ON
  compile dev wheatstone_program wheatstone_python
  link_into_environment dev
}

build_tests() { compile dev all; }

build_release() {
  configure release -DWHEATSTONE_PYTHON=ON
  compile release all
}

# Makes `import wheatstone` and the command `wheatstone` of the environment those of a build tree.
link_into_environment() {  # link_into_environment PRESET
  local site
  site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$PWD/build/$1/python/stage" >"$site/wheatstone-build-tree.pth"
  cat >"$venv/bin/wheatstone" <<SCRIPT
#!/usr/bin/env bash
export WHEATSTONE_PYTHON="\${WHEATSTONE_PYTHON:-$PWD/$venv/bin/python}"
exec -a "\$0" "$PWD/build/$1/cli/wheatstone" "\$@"
SCRIPT
  chmod +x "$venv/bin/wheatstone"
}

# With the caller's own PATH, so that the program can tell what its user may type.
run_demo() { PATH=$callers_path "$venv/bin/wheatstone" demo "$@"; }

# Tests keep what they would tell the account (its list of stores) below build/.
in_test_account() { env -u WHEATSTONE_STORE XDG_STATE_HOME="$PWD/build/test-account" "$@"; }

# --- tests ------------------------------------------------------------------------------------------------------------

test_cpp() {  # test_cpp PRESET
  say "C++ tests of build/$1"
  in_test_account ctest --test-dir "build/$1" --parallel "$jobs" --output-on-failure --no-tests=error
}

# File by file on all cores. Those of tests/seed wait most of their time, so they go first: what computes runs beside them.
test_python() {
  say "Python tests"
  in_test_account python -m pytest --tb=short --timeout=180 --numprocesses="$jobs" --dist=loadfile \
    tests/seed tests/install python/tests tests tools examples
}

sanitize() {  # sanitize asan|tsan
  configure "$1"
  compile "$1"
  test_cpp "$1"
}

check() {
  say "checks"
  python tools/check_all.py
}

format_sources() {
  python tools/check_format.py --write
}

# --- benchmarks, fuzzing, reference pages ---------------------------------------------------------------------------

# Every program of benchmarks/ prints its figures beside a reference of the same run. Words pick programs by name.
run_benchmarks() {  # run_benchmarks [WORD...]
  local program name ran=0
  export PYTHONPATH="$PWD/build/release/python/stage"
  for program in build/release/benchmarks/bench_* benchmarks/*.py; do
    name=$(basename "${program%.py}")
    [[ -f $program ]] && picked "$name" "$@" || continue
    ran=1
    say "${name#bench_}"
    if [[ $program == *.py ]]; then python "$program"; else "$program"; fi
  done
  ((ran)) || fail "no benchmark is called that"
}

picked() {  # picked NAME [WORD...]: whether one of the words is in the name, or there are none
  local name=$1 word
  shift
  (($# == 0)) && return 0
  for word in "$@"; do [[ $name == *"$word"* ]] && return 0; done
  return 1
}

# libFuzzer comes with clang, which nothing else needs.
build_fuzzers() {
  install_system_packages "clang-19 clang++-19" clang-19 libclang-rt-19-dev
  configure fuzz
  compile fuzz all
}

run_fuzzers() {  # run_fuzzers SECONDS
  local target found=0 name folder
  for target in build/fuzz/fuzz/*_fuzz; do
    [[ -x $target ]] || continue
    found=1
    name=$(basename "$target")
    folder=build/fuzz/found/$name
    mkdir -p "$folder"
    say "$name for $1 seconds"
    quietly "build/log/$name.txt" "$target" -max_total_time="$1" -print_final_stats=1 -artifact_prefix="$folder/" \
      "$folder" "fuzz/corpus/${name%_fuzz}"
    sed -n 's/^stat::number_of_executed_units: */   inputs tried: /p' "build/log/$name.txt" >&2
  done
  ((found)) || fail "there is no fuzz target"
}

write_docs() { python tools/write_docs.py; }
