# "await" waits for every "defer" inside it: three kettles boil at the same time.
boil = (name, minutes, done) ->
  finish = -> done "#{name} after #{minutes} min"
  setTimeout finish, minutes * 10

console.log 'The kettles are on.'

await
  boil 'green tea', 3, defer green
  boil 'coffee', 1, defer coffee
  boil 'chai', 5, defer chai

console.log "Ready: #{cup}" for cup in [coffee, green, chai]

for count in [3..1]
  await setTimeout defer(), 10
  console.log "#{count}…"
console.log 'Drink!'
