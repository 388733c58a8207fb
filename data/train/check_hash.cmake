# Checks FOLDER/NAME.mat against the hash in its log and the maximum size. HASH is the algorithm, LINE
# a regular expression for the log's line, of which the first group is the hash.
file(${HASH} ${FOLDER}/${NAME}.mat hash)
file(READ ${FOLDER}/${NAME}.log log)
if(NOT log MATCHES "${LINE}")
    message(FATAL_ERROR "${NAME}.log has no line with the hash")
endif()
if(NOT CMAKE_MATCH_1 STREQUAL hash)
    message(FATAL_ERROR "${NAME}.mat has the hash ${hash}, its log says: ${CMAKE_MATCH_1}")
endif()
file(SIZE ${FOLDER}/${NAME}.mat bytes)
if(bytes GREATER ${BYTES})
    message(FATAL_ERROR "${NAME}.mat has ${bytes} bytes, more than ${BYTES}")
endif()
