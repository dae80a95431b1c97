# Warnings are errors in our own code; third-party headers come in as SYSTEM.
add_library(wheatstone_warnings INTERFACE)
target_compile_options(wheatstone_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-qual -Wunused -Woverloaded-virtual -Wdouble-promotion -Werror>)

if(WHEATSTONE_SANITIZE)
  add_compile_options(-fsanitize=${WHEATSTONE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WHEATSTONE_SANITIZE})
endif()
