import Debug "mo:core/Debug";

Debug.print("Grüße, 世界 🌍");
