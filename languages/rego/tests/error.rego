package main

share := 1 / 0
