error make {msg: "on purpose"}
