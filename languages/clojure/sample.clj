;; The look-and-say sequence: an endless list, of which only what is asked for is made.
(defn say [text]
  (->> text
       (partition-by identity)
       (mapcat (fn [run] [(count run) (first run)]))
       (apply str)))

(doseq [[n text] (map-indexed vector (take 9 (iterate say "1")))]
  (println (inc n) text))

(println "lengths:" (map count (take 20 (iterate say "1"))))
