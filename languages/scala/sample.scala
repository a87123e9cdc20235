// Money change: in how many ways can an amount be paid with these coins?
object Main {
  def ways(amount: Int, coins: List[Int]): Int = (amount, coins) match {
    case (0, _)            => 1
    case (n, _) if n < 0   => 0
    case (_, Nil)          => 0
    case (n, coin :: rest) => ways(n - coin, coins) + ways(n, rest)
  }

  def payments(amount: Int, coins: List[Int]): List[List[Int]] =
    if (amount == 0) List(Nil)
    else for {
      coin <- coins if coin <= amount
      others <- payments(amount - coin, coins.filter(_ <= coin))
    } yield coin :: others

  def main(args: Array[String]): Unit = {
    val coins = List(50, 20, 10, 5, 2, 1)
    for (p <- payments(10, coins)) println(p.mkString(" + "))
    println(s"A whole euro: ${ways(100, coins)} ways.")
  }
}
