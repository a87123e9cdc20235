// A tortoise and a hare: each tells with a signal where it is, and others listen.
class Runner : Object {
    public string name { get; construct; }
    public int step { get; construct; }
    public int rests { get; construct; }
    private int place = 0;

    public signal void moved (int place);

    public Runner (string name, int step, int rests) {
        Object (name: name, step: step, rests: rests);
    }

    public void tick (int time) {
        if (time % (rests + 1) != 0) return;
        place += step;
        moved (place);
    }
}

void main () {
    Runner[] runners = { new Runner ("tortoise", 2, 0), new Runner ("hare", 9, 5) };
    foreach (var runner in runners) {
        runner.moved.connect ((self, place) => {
            print ("%-9s|%s%c\n", self.name, string.nfill (place, '-'), self.name[0].toupper ());
        });
    }
    for (int time = 0; time < 12; time++) {
        foreach (var runner in runners) runner.tick (time);
    }
}
