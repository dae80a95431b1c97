# What users of the C++ library get: one shared library that shows the public words only, the public headers, and a
# package for find_package(wheatstone). The libraries that it is made of stay its own: nothing of them is asked of users.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# CMake wants a source of every library; this one is made of the objects that the tests link too.
file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/shared_library.cpp" CONTENT "// Made of wheatstone_objects.\n")
add_library(wheatstone SHARED "${CMAKE_CURRENT_BINARY_DIR}/shared_library.cpp")
add_library(wheatstone::wheatstone ALIAS wheatstone)
target_link_libraries(wheatstone PRIVATE "$<BUILD_INTERFACE:$<LINK_LIBRARY:WHOLE_ARCHIVE,wheatstone_objects>>")
target_include_directories(wheatstone INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
  "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_compile_features(wheatstone INTERFACE cxx_std_20)
target_link_options(wheatstone PRIVATE "-Wl,--no-undefined" "-Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map")
set_target_properties(wheatstone PROPERTIES
  LINK_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/exports.map"
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

install(TARGETS wheatstone EXPORT wheatstone-targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/wheatstone" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT library FILES_MATCHING PATTERN "*.hpp")
install(EXPORT wheatstone-targets NAMESPACE wheatstone:: COMPONENT library
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/wheatstone")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/wheatstone-config.cmake.in" wheatstone-config.cmake
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/wheatstone")
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(wheatstone-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/wheatstone-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/wheatstone-config-version.cmake"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/wheatstone" COMPONENT library)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT library)
if(TARGET wheatstone_program)
  install(TARGETS wheatstone_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()
