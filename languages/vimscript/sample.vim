" A scoreboard: lists, dictionaries and lambdas of an editor's own language.
let s:games = [['Owls', 3, 'Foxes', 1], ['Bears', 2, 'Owls', 2], ['Foxes', 4, 'Bears', 0]]
let s:points = {}

function! s:Score(team, own, other) abort
  let l:won = a:own > a:other ? 3 : a:own == a:other ? 1 : 0
  let s:points[a:team] = get(s:points, a:team, 0) + l:won
endfunction

for [s:home, s:h, s:away, s:a] in s:games
  call s:Score(s:home, s:h, s:a)
  call s:Score(s:away, s:a, s:h)
endfor

for [s:team, s:sum] in sort(items(s:points), {a, b -> b[1] - a[1]})
  echo printf('%-6s %s %d', s:team, repeat('*', s:sum), s:sum)
endfor
