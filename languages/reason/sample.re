/* A binary tree of words: a recursive type, pattern matching, and folding in order. */
type tree =
  | Empty
  | Node(tree, string, int, tree);

let rec add = (tree, word) =>
  switch (tree) {
  | Empty => Node(Empty, word, 1, Empty)
  | Node(left, here, n, right) when word == here => Node(left, here, n + 1, right)
  | Node(left, here, n, right) when word < here => Node(add(left, word), here, n, right)
  | Node(left, here, n, right) => Node(left, here, n, add(right, word))
  };

let rec each = (f, tree) =>
  switch (tree) {
  | Empty => ()
  | Node(left, word, n, right) =>
    each(f, left);
    f(word, n);
    each(f, right);
  };

let text = "the cat sat on the mat and the dog sat on the cat";
let words = List.fold_left(add, Empty, Array.to_list(Js.String.split(" ", text)));
words |> each((word, n) => Js.log(word ++ " " ++ String.make(n, '*')));
