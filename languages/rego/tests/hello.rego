package main

greeting := sprintf("Hello, %s!", ["world"])
