(doseq [line (line-seq (java.io.BufferedReader. *in*))]
  (println (str "you said: " line)))
