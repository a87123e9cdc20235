// A counter at the post office: a class with private state, variants, and a switch that forgets no case.
import Debug "mo:core/Debug";

type Errand = { #letter; #parcel : Nat; #stamps : Nat };

class Counter() {
  var cents = 0;
  public func serve(errand : Errand) : Nat {
    let price = switch errand {
      case (#letter) 95;
      case (#parcel kilos) 400 + 120 * kilos;
      case (#stamps n) n * 95;
    };
    cents += price;
    price;
  };
  public func till() : Nat = cents;
};

let counter = Counter();
let queue : [(Text, Errand)] = [("Ada", #stamps 10), ("Bela", #parcel 3), ("Chen", #letter)];
for ((name, errand) in queue.vals()) {
  Debug.print(name # " pays " # debug_show (counter.serve(errand)));
};
Debug.print("in the till: " # debug_show (counter.till()));
