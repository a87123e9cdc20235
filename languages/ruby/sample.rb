# Roman numerals, both ways.
NUMERALS = { 1000 => "M", 900 => "CM", 500 => "D", 400 => "CD", 100 => "C", 90 => "XC",
             50 => "L", 40 => "XL", 10 => "X", 9 => "IX", 5 => "V", 4 => "IV", 1 => "I" }

class Integer
  def to_roman
    rest = self
    NUMERALS.map { |value, letters| count, rest = rest.divmod(value); letters * count }.join
  end
end

[4, 9, 14, 1999, 2026].each { |year| puts "#{year.to_s.rjust(5)}  #{year.to_roman}" }
