object Main {
  def main(args: Array[String]): Unit = println("Grüße, 世界 🌍")
}
