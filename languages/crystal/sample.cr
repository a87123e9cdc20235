# Two fibers and a channel: one makes notes, the other plays them.
record Note, name : String, beats : Int32 do
  def to_s(io)
    io << name << " " << "♪" * beats
  end
end

tune = Channel(Note?).new

spawn do
  [{"C", 1}, {"D", 1}, {"E", 1}, {"C", 1}, {"E", 1}, {"F", 1}, {"G", 2}].each do |name, beats|
    tune.send Note.new(name, beats)
  end
  tune.send nil
end

beats = 0
while note = tune.receive
  puts note
  beats += note.beats
end
puts "#{beats} beats, #{beats // 4} bars"
