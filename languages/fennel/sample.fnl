;; Lua's tables in Lisp's clothes: a walk by instructions, matched one by one.
(local turn {:north {:left :west :right :east}
             :east {:left :north :right :south}
             :south {:left :east :right :west}
             :west {:left :south :right :north}})

(fn step [{: x : y : facing} order]
  (match order
    [:forward n] (match facing
                   :north {:x x :y (+ y n) : facing}
                   :south {:x x :y (- y n) : facing}
                   :east {:x (+ x n) : y : facing}
                   :west {:x (- x n) : y : facing})
    [side] {: x : y :facing (. turn facing side)}))

(var robot {:x 0 :y 0 :facing :north})
(each [_ order (ipairs [[:forward 3] [:right] [:forward 5] [:right] [:forward 1] [:left]])]
  (set robot (step robot order))
  (print (string.format "%-10s (%d, %d) %s" (table.concat order " ") robot.x robot.y robot.facing)))
