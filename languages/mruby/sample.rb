# A tiny robot reads its own little language: methods are made while the program runs.
class Robot
  DIRECTIONS = { north: [0, -1], south: [0, 1], east: [1, 0], west: [-1, 0] }

  DIRECTIONS.each do |name, (dx, dy)|
    define_method(name) do |steps = 1|
      steps.times { @x += dx; @y += dy; @trail[[@x, @y]] = name.to_s[0] }
      self
    end
  end

  def initialize
    @x = @y = 0
    @trail = { [0, 0] => "*" }
  end

  def map
    (0..4).map { |y| (0..8).map { |x| @trail[[x, y]] || "." }.join(" ") }
  end
end

puts Robot.new.instance_eval { east(8).south(4).west(6).north(2).east(3) }.map
