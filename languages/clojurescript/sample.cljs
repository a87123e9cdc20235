;; Look and say: 1 is one one, 11 is two ones, and so on. Each line reads the one above aloud.
(ns main
  (:require [clojure.string :as str]))

(defn say [digits]
  (->> digits
       (partition-by identity)
       (mapcat (juxt count first))))

(doseq [line (take 9 (iterate say [1]))]
  (println (str/join line)))

(let [lengths (map count (take 30 (iterate say [1])))]
  (println "It grows by" (.toFixed (/ (nth lengths 29) (nth lengths 28)) 3) "each time."))
