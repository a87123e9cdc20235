; A family is a handful of facts; the rules find out the rest, in whatever order they can.
(deffacts family
  (parent Leonhard Bertha) (parent Bertha Carl) (parent Bertha Dora)
  (parent Carl Emil) (parent Dora Frieda) (parent Dora Gustav))

(defrule parents-are-ancestors
  (parent ?a ?b)
  =>
  (assert (ancestor ?a ?b)))

(defrule ancestors-of-parents-are-too
  (ancestor ?a ?b) (parent ?b ?c)
  =>
  (assert (ancestor ?a ?c)))

(defrule cousins
  (parent ?p ?a) (parent ?q ?b)
  (parent ?grandparent ?p) (parent ?grandparent ?q&~?p)
  (test (< (str-compare ?a ?b) 0))
  =>
  (printout t ?a " and " ?b " are cousins" crlf))

(reset)
(run)
(do-for-all-facts ((?f ancestor)) (eq (nth$ 1 ?f:implied) Leonhard)
  (printout t "Leonhard is an ancestor of " (nth$ 2 ?f:implied) crlf))
