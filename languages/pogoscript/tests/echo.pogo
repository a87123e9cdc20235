fs = require 'fs'
for each @(line) in (fs.read file sync (0, 'utf8').trim end ().split "\n")
    console.log "you said: #(line)"
