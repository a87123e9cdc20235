(write standard-output "Hello, world!\n")
