-- Tickets for a ferry: a union of passengers, functions over them, and text at the end.
let Passenger = < Adult | Child : Natural | Bicycle >

let price =
      λ(p : Passenger) →
        merge
          { Adult = 12
          , Child = λ(age : Natural) → if Natural/isZero age then 0 else 5
          , Bicycle = 3
          }
          p

let aboard =
      [ Passenger.Adult
      , Passenger.Child 0
      , Passenger.Child 7
      , Passenger.Bicycle
      ]

let sum =
      List/fold
        Passenger
        aboard
        Natural
        (λ(p : Passenger) → λ(n : Natural) → price p + n)
        0

in  ''
    ${Natural/show (List/length Passenger aboard)} aboard
    ${Natural/show sum} € to pay
    ''
