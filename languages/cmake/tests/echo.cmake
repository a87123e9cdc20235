execute_process(COMMAND cat OUTPUT_VARIABLE text OUTPUT_STRIP_TRAILING_WHITESPACE)
message("${text}")
