"""Runs a program against tests, and changed copies of it, in one cell of the sandbox. What to do is in job.json; each line of
the output is JSON. Every run is a fork of this process, so that a run costs milliseconds and can do no harm to the next."""
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback

JOB = json.load(open("job.json"))
DIR = os.path.abspath("program")
SAVE = os.path.abspath("run")
LIMIT = 64 << 10  # bytes of output that are looked at
real_open = open


def say(**message):
    os.write(1, (json.dumps(message) + "\n").encode())


def write_files():
    for f in JOB["files"]:
        path = os.path.join(DIR, f["name"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with real_open(path, "w", encoding="utf-8") as out:
            out.write(f["text"])


def read(path):
    with real_open(path, "rb") as f:
        return f.read(LIMIT).decode("utf-8", "replace")


def lines_of(text):
    return [line.rstrip() for line in text.strip().splitlines()]


def start(code, stdin, seconds, name, trace=False):
    """Forks; the child runs code as __main__ and ends."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.chdir(DIR)
        base = SAVE + name
        for fd, path, flags in ((0, base + ".in", os.O_RDONLY), (1, base + ".out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
                                (2, base + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)):
            if fd == 0:
                with real_open(path, "w", encoding="utf-8") as f:
                    f.write(stdin)
            os.dup2(os.open(path, flags), fd)
        sys.stdin = real_open(0, "r", encoding="utf-8", closefd=False)
        sys.stdout = real_open(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = real_open(2, "w", encoding="utf-8", closefd=False, errors="backslashreplace")
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (384 << 20, 384 << 20))
        sys.argv = [JOB["main"]] + JOB.get("args", [])
        sys.path[0] = DIR
        scope = {"__name__": "__main__", "__builtins__": __builtins__, "__file__": JOB["main"]}
        main = type(sys)("__main__")
        main.__dict__.update(scope)
        sys.modules["__main__"] = main
        seen = set()

        def dump(frame=None):
            stack = []
            while frame is not None and len(stack) < 50:
                if inside(frame.f_code.co_filename):
                    stack.append([relative(frame.f_code.co_filename), frame.f_lineno])
                frame = frame.f_back
            with real_open(base + ".cov", "w") as f:
                json.dump({"lines": sorted(seen), "stack": stack}, f)

        def late(_signal, frame):
            sys.settrace(None)
            sys.stdout.flush()
            dump(frame)
            os._exit(124)

        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))
        signal.signal(signal.SIGALRM, late if trace else signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        if trace:
            def local(frame, event, _arg):
                seen.add((relative(frame.f_code.co_filename), frame.f_lineno))
                return local

            def tracer(frame, event, _arg):
                if inside(frame.f_code.co_filename):
                    return local
                return None

            sys.settrace(tracer)
        status = 0
        try:
            exec(code, main.__dict__)
        except SystemExit as e:
            status = e.code if isinstance(e.code, int) else 0 if e.code is None else 1
        except BaseException:
            sys.settrace(None)
            status = 1
            kind, value, tb = sys.exc_info()
            while tb is not None and not inside(tb.tb_frame.f_code.co_filename):
                tb = tb.tb_next
            traceback.print_exception(kind, value, tb)
        sys.settrace(None)
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:
            status = 1
        if trace:
            dump()
        os._exit(status & 255)
    except BaseException as e:
        os.write(2, repr(e).encode())
        os._exit(120)


def inside(path):
    return path == JOB["main"] or path.startswith(DIR)


def relative(path):
    return path[len(DIR) + 1:] if path.startswith(DIR) else path


def wait(pid):
    """The exit status, and whether the time was over."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return 128 + os.WTERMSIG(status), os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU)
    return os.WEXITSTATUS(status), os.WEXITSTATUS(status) == 124


def base():
    main = next(f for f in JOB["files"] if f["name"] == JOB["main"])
    try:
        code = compile(main["text"], JOB["main"], "exec")
    except (SyntaxError, ValueError) as e:
        say(t="compile", ok=False, out="".join(traceback.format_exception_only(type(e), e)))
        return
    say(t="compile", ok=True, out="")
    seconds = JOB["seconds"]
    tools = analysers()
    for i, test in enumerate(JOB["tests"]):
        begin = time.monotonic()
        status, late = wait(start(code, test["stdin"], seconds, "b"))
        say(t="run", test=i, code=status, late=late, ms=int((time.monotonic() - begin) * 1000), out=read(SAVE + "b.out"), err=read(SAVE + "b.err"))
        wait(start(code, test["stdin"], seconds, "c", trace=True))
        if late:
            seconds = min(seconds, 0.4)  # the others may not take all the time there is
        try:
            seen = json.load(real_open(SAVE + "c.cov"))
            os.remove(SAVE + "c.cov")
        except (OSError, ValueError):
            continue
        say(t="cover", test=i, lines=seen["lines"], stack=seen["stack"])
    tell(tools)


def analysers():
    """Starts the analysers that there are: they work while the tests run."""
    names = [f["name"] for f in JOB["files"] if f["name"].endswith(".py")]
    weighed = ("E0602,E0601,E0606,E1101,W0102,E1120,E1121,E1123,W0104,W0106,W0631,E1111,E1128,W0143,R0124,E1136,W0127,W0101,E1133,E1126")
    pylint = ["--score=n", "--disable=all", "--enable=" + weighed, "--msg-template={path}:{line}:{column}: {msg_id} {msg}"]
    started = []
    for tool, args in (("pyflakes", []), ("pylint", pylint)):
        if importlib.util.find_spec(tool) is None:
            continue
        try:
            p = subprocess.Popen([sys.executable, "-m", tool] + args + names, cwd=DIR, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYLINTHOME": "/tmp/pylint"})
            started.append((tool, p))
        except OSError:
            pass
    return started


def tell(started):
    for tool, p in started:
        try:
            out, _ = p.communicate(timeout=10)
            say(t="tool", name=tool, out=out[:LIMIT])
        except subprocess.TimeoutExpired:
            p.kill()


def passes(code, name):
    for i in JOB["order"]:
        test = JOB["tests"][i]
        status, late = wait(start(code, test["stdin"], JOB["seconds"], name))
        if status != 0 or late or lines_of(read(SAVE + name + ".out")) != lines_of(test["expected"]):
            return "late" if late else "fail"
    return "pass"


def worker(number, count, until):
    texts = {f["name"]: f["text"].replace("\r\n", "\n").split("\n") for f in JOB["files"]}
    for k in range(number, len(JOB["mutants"]), count):
        if time.monotonic() > until:
            break
        m = JOB["mutants"][k]
        lines = list(texts[m["file"]])
        lines[m["line"] - 1] = m["text"]
        try:
            code = compile("\n".join(lines), JOB["main"], "exec")
        except (SyntaxError, ValueError):
            say(t="mutant", id=k, r="skip")
            continue
        say(t="mutant", id=k, r=passes(code, "m%d" % number))
    os._exit(0)


def mutants():
    until = time.monotonic() + JOB["budget"]
    count = len(os.sched_getaffinity(0))
    pids = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            worker(number, count, until)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)


sys.dont_write_bytecode = True
import warnings  # noqa: E402

warnings.simplefilter("ignore")
write_files()
if JOB["mode"] == "base":
    base()
else:
    mutants()
say(t="done")
