# Writes every profiles/**/*.yaml into one .cpp, so that the library finds them wherever it is installed.
# Run as: cmake -DSOURCE=<profiles> -DOUTPUT=<file.cpp> -P embed_profiles.cmake
file(GLOB_RECURSE files RELATIVE "${SOURCE}" "${SOURCE}/*.yaml")
list(SORT files)
set(text "// Made from profiles/ by cmake/embed_profiles.cmake.\n#include \"profile/shipped.hpp\"\n\n#include <array>\n\n")
string(APPEND text "namespace wheatstone::profile {\nnamespace {\n\nconstexpr std::array k_shipped = {\n")
foreach(file IN LISTS files)
  file(READ "${SOURCE}/${file}" yaml)
  string(APPEND text "    ShippedProfile{\"${file}\", R\"yaml(${yaml})yaml\"},\n")
endforeach()
string(APPEND text "};\n\n}  // namespace\n\nstd::span<const ShippedProfile> shipped_profiles() { return k_shipped; }\n\n}  // namespace wheatstone::profile\n")
file(WRITE "${OUTPUT}" "${text}")
