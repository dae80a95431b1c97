# The sanitizers' builds read the headers that nearly every file reads once. The build that developers edit in does without, so that
# a file that forgets an include fails there.
option(WHEATSTONE_PRECOMPILED "Precompile the headers that most files include" OFF)

set(common_headers <algorithm> <array> <atomic> <chrono> <cmath> <condition_variable> <cstdint> <functional> <map>
    <memory> <mutex> <optional> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)

function(precompile target)  # precompile(TARGET HEADER...)
  if(WHEATSTONE_PRECOMPILED)
    target_precompile_headers(${target} PRIVATE ${common_headers} ${ARGN})
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # so that ccache can tell
  endif()
endfunction()

# As `like` has them, with the same options of the compiler.
function(precompile_as target like)
  if(WHEATSTONE_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${like})
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()
