% Arrays are worked on as a whole: a sine, sampled and drawn without a loop over its values.
variable x = [0:2*PI:#21];
variable y = sin(x);
variable column = int(20.5 + 20 * y);

define bar(n)
{
  variable spaces = Char_Type[n];
  spaces[*] = ' ';
  return strcat(array_to_bstring(spaces), "o");
}

variable i;
_for i (0, length(x) - 1, 1)
  () = printf("%5.2f %6.3f |%s\n", x[i], y[i], column[i] ? bar(column[i]) : "o");

() = printf("above a half at %d places, and the largest is %.3f\n", length(where(y > 0.5)), max(y));
