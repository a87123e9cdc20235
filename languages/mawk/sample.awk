# The days of a month in rows, for any month: the weekday comes from Zeller's rule.
function weekday(y, m, d) {
	if (m < 3) {
		m += 12
		y--
	}
	return (d + int(13 * (m + 1) / 5) + y + int(y / 4) - int(y / 100) + int(y / 400) + 5) % 7
}

function days(y, m) {
	if (m == 2)
		return (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : 28
	return (m == 4 || m == 6 || m == 9 || m == 11) ? 30 : 31
}

BEGIN {
	year = 2024
	month = 2
	print "Mo Tu We Th Fr Sa Su"
	column = weekday(year, month, 1)
	printf "%*s", column * 3, ""
	for (day = 1; day <= days(year, month); day++) {
		printf "%2d%s", day, (column == 6) ? "\n" : " "
		column = (column + 1) % 7
	}
	print ""
}
