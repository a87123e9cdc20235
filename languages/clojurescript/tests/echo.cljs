(ns main
  (:require ["fs" :as fs]
            [clojure.string :as str]))

(doseq [line (str/split-lines (fs/readFileSync 0 "utf8"))]
  (println line))
