set print "-"
print system("sed 's/^/you said: /'")
