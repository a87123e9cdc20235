# A secret message: each letter moves three places on in the alphabet, and back.
defmodule Caesar do
  def shift(text, by) do
    for <<char <- text>>, into: "", do: <<move(char, by)>>
  end

  defp move(c, by) when c in ?a..?z, do: ?a + Integer.mod(c - ?a + by, 26)
  defp move(c, by) when c in ?A..?Z, do: ?A + Integer.mod(c - ?A + by, 26)
  defp move(c, _), do: c
end

secret = "Attack at dawn!" |> Caesar.shift(3) |> IO.inspect(label: "secret")
secret |> Caesar.shift(-3) |> IO.inspect(label: "plain ")

"secret"
|> String.graphemes()
|> Enum.frequencies()
|> Enum.sort_by(fn {_, n} -> -n end)
|> Enum.take(2)
|> IO.inspect()
