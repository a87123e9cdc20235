Copies its input: the end of it is a nought
,[.,]
