(* A set as a search tree: the type says what a tree is, and the functions follow its shape. *)
datatype 'a tree = Leaf | Node of 'a tree * 'a * 'a tree

fun insert (Leaf, x) = Node (Leaf, x, Leaf)
  | insert (t as Node (left, y, right), x) =
      case String.compare (x, y) of
        LESS => Node (insert (left, x), y, right)
      | GREATER => Node (left, y, insert (right, x))
      | EQUAL => t

fun draw (Leaf, _) = ()
  | draw (Node (left, x, right), depth) =
      (draw (right, depth + 1);
       print (StringCvt.padLeft #" " (4 * depth) "" ^ "- " ^ x ^ "\n");
       draw (left, depth + 1))

val words = String.tokens Char.isSpace "my heart leaps up when i behold a rainbow in the sky"
val () = draw (foldl (fn (w, t) => insert (t, w)) Leaf words, 0)
