print "you said: $_" while <STDIN>;
