// A maze is a map of walls; the shortest way out is found by walking in all directions at once.
data class Point(val x: Int, val y: Int) {
    fun around() = listOf(Point(x + 1, y), Point(x - 1, y), Point(x, y + 1), Point(x, y - 1))
}

val maze = """
    #############
    #S..#.....#.#
    #.#.#.###.#.#
    #.#...#.#...#
    #.#####.###E#
    #############
""".trimIndent().lines()

fun find(what: Char) = maze.indices.map { Point(maze[it].indexOf(what), it) }.first { it.x >= 0 }

fun main() {
    val before = mutableMapOf<Point, Point?>(find('S') to null)
    val queue = mutableListOf(find('S'))
    while (find('E') !in before) {
        val here = queue.removeAt(0)
        for (next in here.around().filter { maze[it.y][it.x] != '#' && it !in before }) {
            before[next] = here
            queue += next
        }
    }
    val way = generateSequence(find('E')) { before[it] }.toSet()
    for ((y, row) in maze.withIndex()) println(row.mapIndexed { x, c -> if (Point(x, y) in way) '•' else c }.joinToString(""))
    println("${way.size - 1} steps")
}
