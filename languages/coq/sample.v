(* A tree turned round twice is the tree it was: not tested on some trees, but proved for all. *)
Inductive tree : Type :=
| leaf : tree
| node : tree -> nat -> tree -> tree.

Fixpoint mirror (t : tree) : tree :=
  match t with
  | leaf => leaf
  | node l n r => node (mirror r) n (mirror l)
  end.

Theorem mirror_twice : forall t, mirror (mirror t) = t.
Proof.
  induction t as [| l IHl n r IHr]; simpl.
  - reflexivity.
  - rewrite IHl, IHr. reflexivity.
Qed.

Compute mirror (node (node leaf 1 leaf) 2 leaf).
Check mirror_twice.
Print Assumptions mirror_twice.
