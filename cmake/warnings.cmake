# Warnings are errors in our own code; third-party headers come in as SYSTEM. Whoever only installs the package builds with
# a compiler that we may never have seen, and so turns errors off.
option(WHEATSTONE_WARNINGS_AS_ERRORS "Stop at the first warning" ON)
add_library(wheatstone_warnings INTERFACE)
target_compile_options(wheatstone_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-qual -Wunused -Woverloaded-virtual -Wdouble-promotion
  $<$<BOOL:${WHEATSTONE_WARNINGS_AS_ERRORS}>:-Werror>>)

# Clang blames us for what libstdc++ 12 uses inside std::stable_sort.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(wheatstone_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-deprecated-declarations>)
endif()

# A finding ends the program: undefined behaviour that is only printed would leave a test green.
if(WHEATSTONE_SANITIZE)
  add_compile_options(-fsanitize=${WHEATSTONE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WHEATSTONE_SANITIZE})
endif()

# Asking every pointer whether it is null or misaligned doubles the time of g++. The address sanitizer stops at a null that is
# used; alignment is asked where bytes of a file are read as numbers (src/CMakeLists.txt), and everywhere by clang when fuzzing.
if(WHEATSTONE_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fno-sanitize=null,alignment)
endif()

# g++ 12 sees an overlap in "text" + std::string at -O3 where there is none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(wheatstone_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()

# With a sanitizer's extra code in between, g++ takes the members of a std::variant for uninitialised, and short strings for
# overrun, where they are not.
if(WHEATSTONE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(wheatstone_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized -Wno-array-bounds>)
endif()
