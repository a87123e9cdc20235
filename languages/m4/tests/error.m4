errprint(`on purpose')m4exit(3)
