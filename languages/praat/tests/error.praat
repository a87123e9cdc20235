writeInfoLine: "so far"
x = nowhere + 1
