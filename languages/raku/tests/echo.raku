say "you said: $_" for lines;
