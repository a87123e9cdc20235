while ischar(line = fgetl(stdin))
  printf("you said: %s\n", line);
end
