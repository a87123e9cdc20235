s/.*/Hello, world!/
