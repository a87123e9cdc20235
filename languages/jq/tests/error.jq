[1, 2] | .apples
