# Installs the headers, both libraries, the command, the bundled network, a CMake package and
# pkg-config files.
include(CMakePackageConfigHelpers)

# A relative folder moves with the prefix, which may be another one when the tree is installed, or
# later; an absolute folder does not.
set(libdir_moves ON)
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(libdir_moves OFF)
endif()

if(libdir_moves AND NOT IS_ABSOLUTE "${CMAKE_INSTALL_BINDIR}")
    file(RELATIVE_PATH lib_from_bin ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set(rpath "$ORIGIN/${lib_from_bin}")
else()
    set(rpath ${CMAKE_INSTALL_FULL_LIBDIR})
endif()
set_target_properties(nst_command PROPERTIES INSTALL_RPATH "${rpath}")

install(TARGETS nst nst_f64 EXPORT nst_targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS nst_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/lib/include/nst
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES ${NST_BUNDLED_VGG19} DESTINATION ${NST_INSTALL_DATADIR})

# CMake writes the configured prefix into a package whose own folder is absolute. Where the headers
# move, the package moves with them.
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nst)
if(NOT libdir_moves AND NOT IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(package_folder lib/cmake/nst)
endif()
install(EXPORT nst_targets NAMESPACE nst:: FILE nst-targets.cmake DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/nst-config.cmake.in
    ${PROJECT_BINARY_DIR}/nst-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nst-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nst-config.cmake ${PROJECT_BINARY_DIR}/nst-config-version.cmake
    DESTINATION ${package_folder})

# The folders in nst.pc: relative to the file itself, so that the tree may move. Where the file's own
# folder is absolute, the prefix is filled in when the tree is installed.
set(NST_PC_PREFIX "@CMAKE_INSTALL_PREFIX@")
if(libdir_moves)
    file(RELATIVE_PATH up ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
    set(NST_PC_PREFIX "\${pcfiledir}/${up}")
    string(REGEX REPLACE "/$" "" NST_PC_PREFIX "${NST_PC_PREFIX}")
endif()
foreach(folder LIBDIR INCLUDEDIR)
    set(NST_PC_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${folder}}")
        set(NST_PC_${folder} "${CMAKE_INSTALL_${folder}}")
    endif()
endforeach()

# nst.pc and nst_f64.pc differ in the library's name and in the macro that selects double.
function(nst_install_pkg_config name precision flags)
    set(NST_PC_NAME ${name})
    set(NST_PC_PRECISION ${precision})
    set(NST_PC_FLAGS ${flags})
    set(configured ${PROJECT_BINARY_DIR}/${name}.pc)
    set(installed ${PROJECT_BINARY_DIR}/installed/${name}.pc)
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/nst.pc.in ${configured} @ONLY)
    install(CODE "configure_file(\"${configured}\" \"${installed}\" @ONLY)"
        COMPONENT nst_pkg_config)
    install(FILES ${installed} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT nst_pkg_config)
endfunction()
nst_install_pkg_config(nst "single" "")
nst_install_pkg_config(nst_f64 "double" " -DNST_DOUBLE")
