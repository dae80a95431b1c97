# Installs the library into an empty folder, builds a separate project against that folder and runs its programs.
cmake_minimum_required(VERSION 3.25)

function(run)
  list(JOIN ARGN " " command)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message("$ ${command}\n${output}")
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed (${status}): ${command}")
  endif()
endfunction()

# The project is copied away from the tree, together with the examples and the forms.
file(REMOVE_RECURSE "${WORK}")
file(COPY "${PROJECT}/" ${PROGRAMS} DESTINATION "${WORK}/project")
file(COPY "${FORMS}" DESTINATION "${WORK}/project/built_only")

set(prefix "${WORK}/prefix")
run("${CMAKE_COMMAND}" --install "${BUILD_TREE}" --prefix "${prefix}" --component library)
run("${CMAKE_COMMAND}" -S "${WORK}/project" -B "${WORK}/build" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")

# Each program runs in an empty folder, where it may leave its runs.
file(GLOB programs "${WORK}/build/program_*")
list(LENGTH PROGRAMS expected)
list(LENGTH programs built)
if(built LESS_EQUAL expected)
  message(FATAL_ERROR "the project built ${built} programs of more than ${expected}")
endif()
set(ENV{XDG_STATE_HOME} "${WORK}/state")
unset(ENV{WHEATSTONE_STORE})
foreach(program IN LISTS programs)
  cmake_path(GET program FILENAME name)
  file(MAKE_DIRECTORY "${WORK}/run/${name}")
  run("${CMAKE_COMMAND}" -E chdir "${WORK}/run/${name}" "${program}")
endforeach()

# Users see our own names only.
file(GLOB library "${prefix}/lib*/libwheatstone.so" "${prefix}/lib*/*/libwheatstone.so")
execute_process(COMMAND "${NM}" -D --defined-only "${library}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
list(LENGTH symbols count)
list(FILTER symbols EXCLUDE REGEX "10wheatstone2v1")
if(symbols OR count LESS 10)
  message(FATAL_ERROR "libwheatstone.so shows ${count} names, among them strangers: ${symbols}")
endif()
