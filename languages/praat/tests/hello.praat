writeInfoLine: "Hello, world!"
