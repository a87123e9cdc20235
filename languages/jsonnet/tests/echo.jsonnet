local lines = std.split(std.rstripChars(importstr '/dev/stdin', '\n'), '\n');
['you said: ' + line for line in lines]
