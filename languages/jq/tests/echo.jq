inputs | tojson
