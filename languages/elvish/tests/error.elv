fail 'on purpose'
