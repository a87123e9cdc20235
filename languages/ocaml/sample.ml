(* Derivatives, as at school: a formula is a tree, and each rule is one line. *)
type formula =
  | Const of int
  | X
  | Sum of formula * formula
  | Product of formula * formula
  | Power of formula * int

let rec derive = function
  | Const _ -> Const 0
  | X -> Const 1
  | Sum (a, b) -> Sum (derive a, derive b)
  | Product (a, b) -> Sum (Product (derive a, b), Product (a, derive b))
  | Power (a, n) -> Product (Product (Const n, Power (a, n - 1)), derive a)

let rec simplify = function
  | Sum (a, b) -> ( match (simplify a, simplify b) with Const 0, c | c, Const 0 -> c | c, d -> Sum (c, d))
  | Product (a, b) -> (
      match (simplify a, simplify b) with
      | Const 0, _ | _, Const 0 -> Const 0
      | Const 1, c | c, Const 1 -> c
      | c, d -> Product (c, d))
  | Power (a, 1) -> simplify a
  | other -> other

let rec show = function
  | Const n -> string_of_int n
  | X -> "x"
  | Sum (a, b) -> Printf.sprintf "(%s + %s)" (show a) (show b)
  | Product (a, b) -> show a ^ "·" ^ show b
  | Power (a, n) -> Printf.sprintf "%s^%d" (show a) n

let () =
  [ Power (X, 3); Sum (Product (Const 4, X), Const 7); Product (X, Power (X, 2)) ]
  |> List.iter (fun f -> Printf.printf "%-12s → %s\n" (show f) (show (simplify (derive f))))
