for line <- IO.stream(:stdio, :line), do: IO.write("you said: " <> line)
