# Tables all the way: read one, ask it questions, draw the answer.
let harvest = "fruit,year,kilos
apples,2022,310
apples,2023,280
plums,2022,120
plums,2023,190
pears,2022,95
pears,2023,60"

def bar [n: int] { 1..($n // 20) | each { '█' } | str join }

$harvest
| from csv
| group-by fruit --to-table
| each { |g|
    let total = ($g.items | get kilos | math sum)
    {fruit: $g.fruit, total: $total, best: ($g.items | sort-by kilos | last | get year), picture: (bar $total)}
}
| sort-by total --reverse
| table --index false --theme light
| print
