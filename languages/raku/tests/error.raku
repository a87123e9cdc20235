die 'on purpose';
