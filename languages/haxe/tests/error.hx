class Main {
	static function main() {
		throw "on purpose";
	}
}
