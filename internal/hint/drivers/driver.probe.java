package ccprobe;

/** What instrumented programs call; the class loader of a run finds it in its parent. */
public class Probe {
    public static volatile boolean over;
    public static boolean[] seen = new boolean[0];

    public static void at(int n) {
        if (over) throw new Late();
        seen[n] = true;
    }

    public static void exit(int code) { throw new Exit(code); }

    /** Ends a program whose time is over. */
    public static class Late extends Error { Late() { super("time is over", null, false, false); } }

    /** Ends a program that wants to end. */
    public static class Exit extends Error {
        public final int code;
        Exit(int code) { super("exit", null, false, false); this.code = code; }
    }
}
