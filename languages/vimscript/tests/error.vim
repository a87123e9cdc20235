throw 'on purpose'
