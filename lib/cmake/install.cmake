# Installs the headers, both libraries, the command, the bundled network, a CMake package and
# pkg-config files.
include(CMakePackageConfigHelpers)

file(RELATIVE_PATH lib_from_bin ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
set_target_properties(nst_command PROPERTIES INSTALL_RPATH "$ORIGIN/${lib_from_bin}")

install(TARGETS nst nst_f64 EXPORT nst_targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS nst_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/lib/include/nst
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES ${NST_BUNDLED_VGG19} DESTINATION ${CMAKE_INSTALL_DATADIR}/nst)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nst)
install(EXPORT nst_targets NAMESPACE nst:: FILE nst-targets.cmake DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/nst-config.cmake.in
    ${PROJECT_BINARY_DIR}/nst-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nst-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nst-config.cmake ${PROJECT_BINARY_DIR}/nst-config-version.cmake
    DESTINATION ${package_folder})

# nst.pc and nst_f64.pc differ in the library's name and in the macro that selects double.
function(nst_install_pkg_config name precision flags)
    set(NST_PC_NAME ${name})
    set(NST_PC_PRECISION ${precision})
    set(NST_PC_FLAGS ${flags})
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/nst.pc.in
        ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
nst_install_pkg_config(nst "single" "")
nst_install_pkg_config(nst_f64 "double" " -DNST_DOUBLE")
