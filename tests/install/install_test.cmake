# Installs the library into an empty folder, builds a separate project against that folder and runs its programs.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message("${output}")
  if(NOT status EQUAL 0)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "failed (${status}): ${command}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(prefix "${WORK}/prefix")
run("${CMAKE_COMMAND}" --install "${BUILD_TREE}" --prefix "${prefix}" --component library)
run("${CMAKE_COMMAND}" -S "${PROJECT}" -B "${WORK}/build" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")

# Each program of the project runs in an empty folder, where it may leave its runs.
file(GLOB programs "${WORK}/build/program_*")
if(NOT programs)
  message(FATAL_ERROR "the project built no program")
endif()
file(MAKE_DIRECTORY "${WORK}/run")
foreach(program IN LISTS programs)
  run("${CMAKE_COMMAND}" -E chdir "${WORK}/run" "${program}")
endforeach()

# Users see our own names only, and no header of a third party.
file(GLOB library "${prefix}/lib*/libwheatstone.so" "${prefix}/lib*/*/libwheatstone.so")
execute_process(COMMAND "${NM}" -D --defined-only "${library}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
list(LENGTH symbols count)
list(FILTER symbols EXCLUDE REGEX "10wheatstone2v1")
if(symbols OR count LESS 10)
  message(FATAL_ERROR "libwheatstone.so shows ${count} names, among them strangers: ${symbols}")
endif()
