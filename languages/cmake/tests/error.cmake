message(FATAL_ERROR "on purpose")
