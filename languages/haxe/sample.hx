// A parcel on its way: each state of this type carries its own data, and a switch takes it apart.
enum State {
	Packed(grams:Int);
	Moving(by:String, hours:Int);
	Delivered(door:Bool);
}

class Main {
	static function tell(state:State):String {
		return switch state {
			case Packed(g) if (g > 2000): 'packed, and heavy: ${g / 1000} kg';
			case Packed(g): 'packed, $g g';
			case Moving(by, 1): 'goes by $by for an hour';
			case Moving(by, hours): 'goes by $by for $hours hours';
			case Delivered(true): 'is at your door';
			case Delivered(false): 'waits at the neighbours';
		}
	}

	static function main() {
		var way = [Packed(2500), Moving("train", 9), Moving("bicycle", 1), Delivered(false)];
		for (i => state in way)
			Sys.println('${i + 1}. The parcel ${tell(state)}.');
	}
}
