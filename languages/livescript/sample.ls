# Words that read the same when their letters are sorted: pipes, back-calls and operators as functions.
words = <[ listen silent enlist google elbow below stale least tales night thing ]>

key = (word) -> word.split '' .sort! .join ''

groups = words.reduce do
  (found, word) -> found[][key word].push word; found
  {}

groups
  |> Object.values
  |> (.filter (.length > 1))
  |> (.sort (a, b) -> b.length - a.length or a.0.localeCompare b.0)
  |> (.map (.join ' = '))
  |> (.for-each !-> console.log it)

sum = (.reduce (+), 0)
console.log "letters in all: #{sum words.map (.length)}"
