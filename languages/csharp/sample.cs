using System;
using System.Linq;

class Program
{
    // Which words are made of the same letters? LINQ asks a list as if it were a database.
    static void Main()
    {
        var words = "listen tea night silent eat thing enlist ate stone".Split(' ');
        var groups = words.GroupBy(word => string.Concat(word.OrderBy(letter => letter)))
                         .Where(same => same.Count() > 1)
                         .OrderByDescending(same => same.Count());

        foreach (var same in groups)
            Console.WriteLine($"{same.Key,-7} {string.Join(", ", same)}");
    }
}
