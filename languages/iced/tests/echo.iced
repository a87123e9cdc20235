fs = require 'fs'
for line in fs.readFileSync(0, 'utf8').trimEnd().split '\n'
  console.log "you said: #{line}"
