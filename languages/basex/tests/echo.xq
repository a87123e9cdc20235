string-join(file:read-text-lines("/dev/stdin") ! (. || "&#10;"))
