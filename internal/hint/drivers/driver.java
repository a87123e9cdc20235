import java.io.*;
import java.lang.reflect.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.regex.*;
import javax.tools.*;
import ccprobe.Probe;
import com.sun.source.tree.*;
import com.sun.source.util.*;

/**
 * Runs a program against tests, and changed copies of it, in one cell of the sandbox: compiled in memory, each run in a class loader
 * and a thread of its own. Every statement first tells where it is, which gives the lines that a test visits, and ends what would
 * not end. What to do is in job.json; each line of the output is JSON.
 */
public class driver {
    static final int LIMIT = 64 << 10;
    static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    static Map<String, Object> job;

    static class Text extends SimpleJavaFileObject {
        final String text, name;
        final int copy; // of the program, or -1
        Text(String name, String text) { this(name, text, -1); }
        Text(String name, String text, int copy) {
            super(URI.create("string:///" + (copy < 0 ? "" : "m" + copy + "/") + name), Kind.SOURCE);
            this.name = name;
            this.text = text;
            this.copy = copy;
        }
        @Override public CharSequence getCharContent(boolean ignore) { return text; }
    }

    static class Output extends SimpleJavaFileObject {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output(String name) { super(URI.create("mem:///" + name.replace('.', '/') + ".class"), Kind.CLASS); }
        @Override public OutputStream openOutputStream() { return bytes; }
    }

    /** Keeps what it knows of the libraries from one compilation to the next. */
    static class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        Map<String, Output> classes = new HashMap<>();
        Memory() { super(COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8)); }
        @Override public JavaFileObject getJavaFileForOutput(Location l, String name, JavaFileObject.Kind k, FileObject s) {
            Output o = new Output(name);
            classes.put(name, o);
            return o;
        }
        @Override public Iterable<JavaFileObject> list(Location l, String pkg, Set<JavaFileObject.Kind> kinds, boolean r) throws IOException {
            return l == StandardLocation.CLASS_PATH && !pkg.equals("ccprobe") || l == StandardLocation.SOURCE_PATH ? List.of() : super.list(l, pkg, kinds, r);
        }
    }

    static final Memory MEMORY = new Memory();

    /** A probe and the place where its text goes. */
    record Mark(int at, String text) {}

    /** Places of probes: index to file and line. */
    static final List<Object[]> places = new ArrayList<>();
    static final Map<String, Integer> numbers = new HashMap<>();

    static int number(String file, long line) {
        return numbers.computeIfAbsent(file + ":" + line, k -> { places.add(new Object[] {file, line}); return places.size() - 1; });
    }

    /** Adds probes to a file. A file that cannot be parsed stays as it is. */
    static String instrument(Text file) {
        try {
            JavacTask task = (JavacTask) COMPILER.getTask(Writer.nullWriter(), MEMORY, d -> {}, null, null, List.of(file));
            List<Mark> marks = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) new Marker(unit, Trees.instance(task).getSourcePositions(), file.name, marks).scan(unit, null);
            marks.sort((a, b) -> b.at - a.at); // those at one place in the order in which they were made
            StringBuilder out = new StringBuilder(file.text);
            for (int i = 0; i < marks.size(); ) {
                int j = i;
                StringBuilder all = new StringBuilder();
                while (j < marks.size() && marks.get(j).at == marks.get(i).at) all.append(marks.get(j++).text);
                out.insert(marks.get(i).at, all);
                i = j;
            }
            return out.toString();
        } catch (IOException | RuntimeException e) {
            return file.text;
        }
    }

    static class Marker extends TreeScanner<Void, Void> {
        final CompilationUnitTree unit;
        final SourcePositions where;
        final String file;
        final List<Mark> marks;
        Marker(CompilationUnitTree unit, SourcePositions where, String file, List<Mark> marks) {
            this.unit = unit;
            this.where = where;
            this.file = file;
            this.marks = marks;
        }
        int start(Tree t) { return (int) where.getStartPosition(unit, t); }
        String probe(Tree t) { return "ccprobe.Probe.at(" + number(file, unit.getLineMap().getLineNumber(start(t))) + ");"; }
        void before(List<? extends StatementTree> list) {
            for (StatementTree s : list) {
                if (s instanceof ExpressionStatementTree e && e.getExpression() instanceof MethodInvocationTree m
                        && (m.getMethodSelect().toString().equals("super") || m.getMethodSelect().toString().equals("this"))) continue;
                if (start(s) >= 0 && !(s instanceof BlockTree)) marks.add(new Mark(start(s), probe(s)));
            }
        }
        void body(StatementTree s) {
            if (s == null || s instanceof BlockTree || start(s) < 0) return;
            marks.add(new Mark(start(s), "{" + probe(s)));
            marks.add(new Mark((int) where.getEndPosition(unit, s), "}"));
        }
        @Override public Void visitBlock(BlockTree t, Void v) { before(t.getStatements()); return super.visitBlock(t, v); }
        @Override public Void visitCase(CaseTree t, Void v) {
            if (t.getStatements() != null) before(t.getStatements());
            return super.visitCase(t, v);
        }
        @Override public Void visitIf(IfTree t, Void v) {
            body(t.getThenStatement());
            body(t.getElseStatement());
            return super.visitIf(t, v);
        }
        void loop(StatementTree t) {
            if (t instanceof BlockTree b && start(b) >= 0) marks.add(new Mark(start(b) + 1, probe(b)));
            else body(t);
        }
        @Override public Void visitWhileLoop(WhileLoopTree t, Void v) { loop(t.getStatement()); return super.visitWhileLoop(t, v); }
        @Override public Void visitDoWhileLoop(DoWhileLoopTree t, Void v) { loop(t.getStatement()); return super.visitDoWhileLoop(t, v); }
        @Override public Void visitForLoop(ForLoopTree t, Void v) {
            loop(t.getStatement());
            scan(t.getCondition(), v);
            return scan(t.getStatement(), v);
        }
        @Override public Void visitEnhancedForLoop(EnhancedForLoopTree t, Void v) { loop(t.getStatement()); return super.visitEnhancedForLoop(t, v); }
        @Override public Void visitMethodInvocation(MethodInvocationTree t, Void v) {
            if (t.getMethodSelect().toString().equals("System.exit")) {
                Tree s = t.getMethodSelect();
                marks.add(new Mark(start(s), "ccprobe.Probe.exit/*"));
                marks.add(new Mark((int) where.getEndPosition(unit, s), "*/"));
            }
            return super.visitMethodInvocation(t, v);
        }
    }

    /** Compiles; null if it does not. */
    static Map<String, Output> compile(List<Text> texts, Writer words, List<String> options) { return compile(texts, words, options, null); }

    /** Compiles, and adds the copies that have errors to wrong. */
    static Map<String, Output> compile(List<Text> texts, Writer words, List<String> options, Set<Integer> wrong) {
        MEMORY.classes = new HashMap<>();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        boolean ok = COMPILER.getTask(Writer.nullWriter(), MEMORY, found, options, null, texts).call();
        try {
            for (Diagnostic<? extends JavaFileObject> d : found.getDiagnostics()) {
                if (wrong != null && d.getKind() == Diagnostic.Kind.ERROR && d.getSource() instanceof Text t) wrong.add(t.copy);
                if (words == null || d.getSource() == null || d.getLineNumber() < 1) continue;
                String kind = d.getKind() == Diagnostic.Kind.ERROR ? "error" : "warning";
                words.write(((Text) d.getSource()).name + ":" + d.getLineNumber() + ": " + kind + ": " + d.getMessage(Locale.ENGLISH).replaceAll("\\s+", " ") + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ok ? MEMORY.classes : null;
    }

    static class Loader extends ClassLoader {
        final Map<String, Output> classes;
        Loader(Map<String, Output> classes) {
            super(driver.class.getClassLoader());
            this.classes = classes;
        }
        @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Output o = classes.get(name);
                if (o == null) return super.loadClass(name, resolve);
                Class<?> c = findLoadedClass(name);
                byte[] b = o.bytes.toByteArray();
                return c != null ? c : defineClass(name, b, 0, b.length);
            }
        }
    }

    static class Bounded extends OutputStream {
        final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        @Override public synchronized void write(int b) { if (kept.size() < LIMIT) kept.write(b); }
        @Override public synchronized void write(byte[] b, int off, int n) { kept.write(b, off, Math.max(0, Math.min(n, LIMIT - kept.size()))); }
        synchronized String text() { return kept.toString(StandardCharsets.UTF_8); }
    }

    record Ran(int code, boolean late, long ms, String out, String err, boolean[] seen, List<Object> stack) {}

    /** Runs the class of the main file with an input. */
    static Ran run(Map<String, Output> classes, String stdin, double seconds) throws InterruptedException { return run(classes, "", stdin, seconds); }

    static Ran run(Map<String, Output> classes, String pkg, String stdin, double seconds) throws InterruptedException {
        Bounded out = new Bounded(), err = new Bounded();
        PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8), e = new PrintStream(err, true, StandardCharsets.UTF_8);
        System.setIn(new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
        System.setOut(o);
        System.setErr(e);
        Probe.over = false;
        Probe.seen = new boolean[places.size()];
        int[] code = {0};
        String main = pkg + ((String) job.get("main")).replaceAll("\\.java$", "").replace('/', '.');
        Thread t = new Thread(null, () -> {
            try {
                Method m = new Loader(classes).loadClass(main).getDeclaredMethod("main", String[].class);
                m.setAccessible(true);
                m.invoke(null, (Object) strings(job.get("args")));
            } catch (InvocationTargetException x) {
                Throwable cause = x.getCause();
                if (cause instanceof Probe.Exit exit) { code[0] = exit.code; return; }
                code[0] = 1;
                if (cause instanceof Probe.Late) return;
                StackTraceElement[] frames = cause.getStackTrace();
                e.println("Exception in thread \"main\" " + cause);
                for (int i = 0; i < Math.min(frames.length, 40); i++) e.println("\tat " + frames[i]);
            } catch (Throwable x) {
                code[0] = 1;
                e.println("Exception in thread \"main\" " + x);
            }
        }, "main", 16L << 20);
        t.setDaemon(true);
        long begin = System.nanoTime();
        t.start();
        t.join((long) (seconds * 1000));
        boolean late = t.isAlive();
        List<Object> stack = new ArrayList<>();
        if (late) {
            for (StackTraceElement f : t.getStackTrace()) {
                String file = fileOf(f);
                if (file != null && stack.size() < 50) stack.add(List.of(file, f.getLineNumber()));
            }
            Probe.over = true;
            t.interrupt();
            t.join(500);
        }
        o.flush();
        return new Ran(late ? 124 : code[0], late, (System.nanoTime() - begin) / 1_000_000, out.text(), err.text(), Probe.seen, stack);
    }

    static String fileOf(StackTraceElement f) {
        String dir = f.getClassName().contains(".") ? f.getClassName().replaceAll("\\.[^.]*$", "").replace('.', '/') + "/" : "";
        for (Text t : texts()) if (t.name.equals(dir + f.getFileName())) return t.name;
        return null;
    }

    static String[] strings(Object list) { return ((List<?>) list).stream().map(String::valueOf).toArray(String[]::new); }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(String key) { return (List<Map<String, Object>>) (List<?>) job.get(key); }

    static List<Text> texts() {
        List<Text> out = new ArrayList<>();
        for (Map<String, Object> f : maps("files")) if (((String) f.get("name")).endsWith(".java")) out.add(new Text((String) f.get("name"), (String) f.get("text")));
        return out;
    }

    static List<Text> instrumented(List<Text> in) {
        List<Text> out = new ArrayList<>();
        for (Text t : in) out.add(new Text(t.name, instrument(t), t.copy));
        return out;
    }

    static void base() throws Exception {
        StringWriter words = new StringWriter();
        Map<String, Output> plain = compile(texts(), words, List.of("-Xlint:all,-serial,-rawtypes,-unchecked"));
        say("t", "compile", "ok", plain != null, "out", words.toString());
        if (plain == null) return;
        Map<String, Output> classes = compile(instrumented(texts()), null, List.of("-g"));
        if (classes == null) classes = plain;
        int i = 0;
        for (Map<String, Object> test : maps("tests")) {
            Ran r = run(classes, (String) test.get("stdin"), (double) job.get("seconds"));
            say("t", "run", "test", i, "code", r.code, "late", r.late, "ms", r.ms, "out", r.out, "err", r.err);
            List<Object> lines = new ArrayList<>();
            for (int k = 0; k < r.seen.length; k++) if (r.seen[k]) lines.add(List.of(places.get(k)));
            say("t", "cover", "test", i++, "lines", lines, "stack", r.stack);
        }
    }

    static String norm(String s) { return s.strip().replaceAll("[ \t\r]+(?=\n|$)", ""); }

    /** As many copies of the program are compiled together: what the compiler does once for all of them takes longer than one of them. */
    static final int TOGETHER = 48;

    /** The program with a change, in a package of its own so that many of them can stand side by side. */
    static List<Text> changed(Map<String, Object> mutant, int copy) {
        List<Text> all = new ArrayList<>();
        Set<String> packages = new HashSet<>();
        for (Text t : texts()) {
            Matcher m = PACKAGE.matcher(t.text);
            if (m.find()) packages.add(m.group(1));
        }
        for (Text t : texts()) {
            String text = t.text;
            if (t.name.equals(mutant.get("file"))) {
                String[] lines = text.replace("\r\n", "\n").split("\n", -1);
                lines[((Double) mutant.get("line")).intValue() - 1] = (String) mutant.get("text");
                text = String.join("\n", lines);
            }
            all.add(new Text(t.name, copy < 0 ? text : moved(text, "m" + copy, packages), copy));
        }
        return all;
    }

    static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");

    /** Puts a text into a package, and whatever it says of the program's own packages as well. No line moves. */
    static String moved(String text, String pkg, Set<String> packages) {
        for (String p : packages) text = text.replaceAll("(?<![\\w.\"])" + Pattern.quote(p) + "\\.(?=[\\w*])", pkg + "." + p + ".");
        Matcher m = PACKAGE.matcher(text);
        return m.find() ? text.substring(0, m.start(1)) + pkg + "." + text.substring(m.start(1)) : "package " + pkg + "; " + text;
    }

    static final List<String> QUICKLY = List.of("-g", "-nowarn", "-proc:none", "-Xmaxerrs", "100000");

    /** Most copies do not compile, so all are checked first, without probes and without making classes. */
    static final List<String> CHECKED = List.of("-nowarn", "-proc:none", "-Xmaxerrs", "100000", "-XDshould-stop.ifNoError=FLOW");

    static List<Text> together(Map<Integer, List<Text>> copies, boolean probes) {
        List<Text> all = new ArrayList<>();
        for (List<Text> c : copies.values()) all.addAll(probes ? instrumented(c) : c);
        return all;
    }

    /** Tries some mutants that are compiled together; those with mistakes are left out, and the rest is compiled anew. */
    static void attempt(List<Map<String, Object>> some, int first, long until) throws InterruptedException {
        Map<Integer, List<Text>> copies = new TreeMap<>();
        for (int k = 0; k < some.size(); k++) copies.put(k, changed(some.get(k), k));
        for (int round = 0, left = -1; left != copies.size() && !copies.isEmpty() && round < 6; round++) {
            Set<Integer> wrong = new HashSet<>();
            left = copies.size();
            if (compile(together(copies, false), null, CHECKED, wrong) == null) copies.keySet().removeAll(wrong);
        }
        boolean none = copies.isEmpty();
        Map<String, Output> classes = none || alone ? null : compile(together(copies, true), null, QUICKLY);
        for (int k = 0; k < some.size() && System.nanoTime() < until; k++) {
            String r = "skip";
            if (copies.containsKey(k) && classes != null) {
                r = judge(classes, "m" + k + ".");
            } else if (copies.containsKey(k) || none && k < 3) {
                Map<String, Output> own = compile(instrumented(changed(some.get(k), -1)), null, QUICKLY);
                if (own != null) r = judge(own, "");
            }
            say("t", "mutant", "id", first + k, "r", r);
            if (r.equals("pass")) found = Math.max(found, weight(some.get(k)));
        }
    }

    /** Whether the program asks for classes by their names, which are others in a copy: then copies are only checked together. */
    static boolean alone = false;

    /** The weight of the likeliest mutant that passes. What is far less likely is not tried any more. */
    static double found = 0;

    static double weight(Map<String, Object> mutant) { return mutant.get("weight") instanceof Double d ? d : 0; }

    static String judge(Map<String, Output> classes, String pkg) throws InterruptedException {
        for (Object k : (List<?>) job.get("order")) {
            Map<String, Object> test = maps("tests").get(((Double) k).intValue());
            Ran r = run(classes, pkg, (String) test.get("stdin"), (double) job.get("seconds"));
            if (r.late) return "late";
            if (r.code != 0 || !norm(r.out).equals(norm((String) test.get("expected")))) return "fail";
        }
        return "pass";
    }

    public static void main(String[] args) throws Exception {
        job = new Json(Files.readString(Path.of("job.json"))).object();
        if (job.get("mode").equals("base")) {
            base();
        } else {
            long until = System.nanoTime() + (long) ((double) job.get("budget") * 1e9);
            List<Map<String, Object>> all = maps("mutants");
            for (Text t : texts()) alone |= t.text.contains("forName") || t.text.contains("getName") || t.text.contains("reflect") || t.text.contains("getSimpleName");
            int n = TOGETHER / 4; // few at first: the compiler is slow until it is warm
            for (int i = 0; i < all.size() && System.nanoTime() < until && weight(all.get(i)) >= found * .4; i += n, n = Math.min(2 * n, TOGETHER)) {
                attempt(all.subList(i, Math.min(i + n, all.size())), i, until);
            }
        }
        say("t", "done");
        OUT.flush();
        Runtime.getRuntime().halt(0);
    }

    static void say(Object... pairs) {
        StringBuilder b = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            if (i > 0) b.append(',');
            write(b, pairs[i]);
            b.append(':');
            write(b, pairs[i + 1]);
        }
        OUT.println(b.append('}'));
    }

    static void write(StringBuilder b, Object v) {
        if (v instanceof Boolean || v instanceof Number) { b.append(v); return; }
        if (v instanceof Object[] a) v = Arrays.asList(a);
        if (v instanceof List<?> l) {
            b.append('[');
            for (int i = 0; i < l.size(); i++) {
                if (i > 0) b.append(',');
                write(b, l.get(i));
            }
            b.append(']');
            return;
        }
        b.append('"');
        for (char c : String.valueOf(v).toCharArray()) {
            if (c == '"' || c == '\\') b.append('\\').append(c);
            else if (c < ' ') b.append(String.format("\\u%04x", (int) c));
            else b.append(c);
        }
        b.append('"');
    }

    /** Reads the JSON of a job: numbers are doubles. */
    static class Json {
        final String s;
        int p;
        Json(String s) { this.s = s; }
        Map<String, Object> object() { return (Map<String, Object>) cast(value()); }
        @SuppressWarnings("unchecked") static Map<String, Object> cast(Object o) { return (Map<String, Object>) o; }
        char next() { while (Character.isWhitespace(s.charAt(p))) p++; return s.charAt(p); }
        Object value() {
            switch (next()) {
                case '{': {
                    Map<String, Object> m = new LinkedHashMap<>();
                    p++;
                    while (next() != '}') {
                        String k = text();
                        next();
                        p++;
                        m.put(k, value());
                        if (next() == ',') p++;
                    }
                    p++;
                    return m;
                }
                case '[': {
                    List<Object> l = new ArrayList<>();
                    p++;
                    while (next() != ']') {
                        l.add(value());
                        if (next() == ',') p++;
                    }
                    p++;
                    return l;
                }
                case '"': return text();
                case 't': p += 4; return true;
                case 'f': p += 5; return false;
                case 'n': p += 4; return null;
            }
            int q = p;
            while (p < s.length() && "+-.eE0123456789".indexOf(s.charAt(p)) >= 0) p++;
            return Double.parseDouble(s.substring(q, p));
        }
        String text() {
            next();
            StringBuilder b = new StringBuilder();
            for (p++; s.charAt(p) != '"'; p++) {
                char c = s.charAt(p);
                if (c != '\\') { b.append(c); continue; }
                switch (c = s.charAt(++p)) {
                    case 'n': b.append('\n'); break;
                    case 't': b.append('\t'); break;
                    case 'r': b.append('\r'); break;
                    case 'b': b.append('\b'); break;
                    case 'f': b.append('\f'); break;
                    case 'u': b.append((char) Integer.parseInt(s.substring(p + 1, p + 5), 16)); p += 4; break;
                    default: b.append(c);
                }
            }
            p++;
            return b.toString();
        }
    }
}
