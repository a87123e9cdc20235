n%{'you said: '\+}%n*
