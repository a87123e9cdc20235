class Main {
	static function main() {
		try {
			while (true)
				Sys.println("you said: " + Sys.stdin().readLine());
		} catch (end:haxe.io.Eof) {}
	}
}
