# Who owes whom? Everything is an expression, and comprehensions do the sums.
paid =
  Ada: 48
  Grace: 12
  Linus: 0

total = (amount for name, amount of paid).reduce (a, b) -> a + b
share = total / Object.keys(paid).length
console.log "#{total} € in all, #{share} € each"

balance = ([name, amount - share] for name, amount of paid)
lenders = ([name, b] for [name, b] in balance when b > 0)
debtors = ([name, -b] for [name, b] in balance when b < 0)

for [debtor, owes] in debtors
  while owes > 0
    lender = lenders[0]
    sum = Math.min owes, lender[1]
    console.log "#{debtor} gives #{lender[0]} #{sum} €"
    owes -= sum
    lender[1] -= sum
    lenders.shift() if lender[1] is 0
