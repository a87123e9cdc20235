# How fast do chicks grow? The mean weight by day and diet, from a data set that comes with R.
growth <- with(ChickWeight, tapply(weight, list(day = Time, diet = Diet), mean))
print(round(growth[c("0", "6", "12", "18"), ]))

slope <- sapply(1:4, function(d) {
  coef(lm(weight ~ Time, data = subset(ChickWeight, Diet == d)))[["Time"]]
})
cat("\ngrams a day:\n")
for (d in order(slope, decreasing = TRUE)) {
  cat(sprintf("  diet %d  %5.2f  %s\n", d, slope[d], strrep("*", round(4 * slope[d]))))
}
