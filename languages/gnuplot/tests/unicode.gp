set print "-"
print "Grüße, 世界 🌍"
