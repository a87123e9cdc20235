dim shelf(3)
shelf(7) = 1
