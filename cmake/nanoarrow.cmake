# nanoarrow with its IPC part, as the target wheatstone_nanoarrow: the system's package where there is one, else the pinned
# source distribution, taken through pip, checked, and built once into the user's cache. Its symbols stay hidden.
set(nanoarrow_version 0.9.0)
set(nanoarrow_sha256 1ce15bbed8532839347faa78824c5dbd3769bff60661003e34c6fba5dd881bd3)

add_library(wheatstone_nanoarrow INTERFACE)

find_package(nanoarrow ${nanoarrow_version} CONFIG QUIET)
if(nanoarrow_FOUND AND TARGET nanoarrow::nanoarrow_ipc)
  target_link_libraries(wheatstone_nanoarrow INTERFACE nanoarrow::nanoarrow_ipc nanoarrow::nanoarrow)
  return()
endif()

# The first interpreter that has pip: the build's own, the project's environment, the system's.
function(find_python_with_pip result)
  foreach(candidate IN ITEMS "${Python_EXECUTABLE}" "${Python3_EXECUTABLE}" "$ENV{VIRTUAL_ENV}/bin/python"
                             "${PROJECT_SOURCE_DIR}/.venv/bin/python" python3)
    if(candidate)
      execute_process(COMMAND "${candidate}" -m pip --version RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
      if(NOT failed)
        set(${result} "${candidate}" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
  message(FATAL_ERROR "nanoarrow ${nanoarrow_version} is neither installed (find_package) nor can it be fetched: "
                      "no Python with pip was found. Install python3-pip, or nanoarrow itself, and configure again.")
endfunction()

function(download_nanoarrow python folder)
  message(STATUS "nanoarrow ${nanoarrow_version}: taking the source distribution through pip (once, about 40 s)")
  execute_process(
    COMMAND "${python}" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary nanoarrow
            "nanoarrow==${nanoarrow_version}" -d "${folder}"
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "nanoarrow ${nanoarrow_version} could not be fetched with pip: ${said}\n"
                        "Check the network and pip's index, or install nanoarrow so that find_package finds it.")
  endif()
endfunction()

function(build_nanoarrow python archive folder)
  file(SHA256 "${archive}" found)
  if(NOT found STREQUAL nanoarrow_sha256)
    file(REMOVE "${archive}")
    message(FATAL_ERROR "${archive} has SHA-256 ${found}, not ${nanoarrow_sha256}; it was removed. Configure again.")
  endif()
  message(STATUS "nanoarrow ${nanoarrow_version}: building into ${folder}")
  set(work "${folder}.work")
  file(REMOVE_RECURSE "${work}")
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${work}")
  set(projects "${work}/nanoarrow-${nanoarrow_version}/subprojects")
  file(GLOB flatcc "${projects}/flatcc-*")
  execute_process(
    COMMAND "${python}" ci/scripts/bundle.py --with-ipc --symbol-namespace Wheatstone --header-namespace nanoarrow/
            --output-dir "${work}/dist"
    WORKING_DIRECTORY "${projects}/arrow-nanoarrow" COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
  set(objects)
  foreach(source IN ITEMS "${work}/dist/src/nanoarrow.c" "${work}/dist/src/nanoarrow_ipc.c"
                          "${flatcc}/src/runtime/builder.c" "${flatcc}/src/runtime/emitter.c"
                          "${flatcc}/src/runtime/verifier.c" "${flatcc}/src/runtime/refmap.c")
    get_filename_component(name "${source}" NAME_WE)
    execute_process(
      COMMAND "${CMAKE_C_COMPILER}" -std=c99 -D_GNU_SOURCE -O2 -DNDEBUG -fPIC -fvisibility=hidden -w
              -I "${work}/dist/include" -I "${work}/dist/include/nanoarrow" -I "${flatcc}/include"
              -c "${source}" -o "${work}/${name}.o"
      COMMAND_ERROR_IS_FATAL ANY)
    list(APPEND objects "${work}/${name}.o")
  endforeach()
  execute_process(COMMAND "${CMAKE_AR}" rcs "${work}/dist/libnanoarrow.a" ${objects} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE "${folder}")
  file(RENAME "${work}/dist" "${folder}")
  file(REMOVE_RECURSE "${work}")
endfunction()

if(DEFINED ENV{XDG_CACHE_HOME})
  set(nanoarrow_cache "$ENV{XDG_CACHE_HOME}/wheatstone")
elseif(DEFINED ENV{HOME})
  set(nanoarrow_cache "$ENV{HOME}/.cache/wheatstone")
else()
  set(nanoarrow_cache "${CMAKE_BINARY_DIR}/cache")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -E make_directory "${nanoarrow_cache}" RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
  set(nanoarrow_cache "${CMAKE_BINARY_DIR}/cache")
  file(MAKE_DIRECTORY "${nanoarrow_cache}")
endif()

string(SUBSTRING ${nanoarrow_sha256} 0 8 nanoarrow_key)
set(nanoarrow_folder "${nanoarrow_cache}/nanoarrow-${nanoarrow_version}-${nanoarrow_key}-${CMAKE_SYSTEM_PROCESSOR}-1")
set(nanoarrow_archive "${nanoarrow_cache}/nanoarrow-${nanoarrow_version}.tar.gz")
file(LOCK "${nanoarrow_cache}/nanoarrow.lock" GUARD FILE TIMEOUT 300)
if(NOT EXISTS "${nanoarrow_folder}/libnanoarrow.a")
  find_python_with_pip(python_with_pip)
  if(NOT EXISTS "${nanoarrow_archive}")
    download_nanoarrow("${python_with_pip}" "${nanoarrow_cache}")
  endif()
  build_nanoarrow("${python_with_pip}" "${nanoarrow_archive}" "${nanoarrow_folder}")
endif()
file(LOCK "${nanoarrow_cache}/nanoarrow.lock" RELEASE)

target_include_directories(wheatstone_nanoarrow SYSTEM INTERFACE "${nanoarrow_folder}/include")
target_link_libraries(wheatstone_nanoarrow INTERFACE "${nanoarrow_folder}/libnanoarrow.a")
