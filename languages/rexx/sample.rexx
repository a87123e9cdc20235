/* Parse is the heart of Rexx: a template takes a line apart. And numbers are as long as you like. */
entries = "1969-07-20 Armstrong walks on the Moon/1989-11-09 the Wall falls/1991-08-06 the Web is announced"

do while entries \= ""
  parse var entries year "-" month "-" day what "/" entries
  say right(day, 2)"."month"."year":" what
end

numeric digits 60
power = 2 ** 190
say
say "2 to the 190th is" power
sum = 0
do i = 1 to length(power)
  sum = sum + substr(power, i, 1)
end
say "and its" length(power) "digits add up to" sum
