"""What the attacks in Python have in common."""
import os, sys

breaches = 0


def refused(kind, error, trace):
    """Ends an attack that did not get to its end: that it may not even begin is harmless too."""
    if issubclass(kind, PermissionError) and not breaches:
        print("HARMLESS: refused:", error, flush=True)
        os._exit(0)
    sys.__excepthook__(kind, error, trace)


sys.excepthook = refused


def breach(*what):
    """Says, on a line of its own, what got through."""
    global breaches
    breaches += 1
    print("BREACH:", *(str(w).replace("\n", " ")[:300] for w in what), flush=True)


def attempt(what, call, *args):
    """Makes a call that must fail, or give nothing."""
    try:
        got = call(*args)
    except (OSError, ValueError, EOFError, AttributeError):
        return None
    if got or got == 0:
        breach(what, got)
    return got


def read(path, size=200):
    """The beginning of a file, or the names in a folder."""
    if os.path.isdir(path):
        return os.listdir(path)
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        return os.read(fd, size)
    finally:
        os.close(fd)


def writable(path):
    """Opens for writing and writes nothing."""
    fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    os.close(fd)
    return "opened for writing"


def done(what):
    """Ends the attack: what was refused is told, unless something was not."""
    if not breaches:
        print("HARMLESS:", what, flush=True)
    sys.exit(breaches != 0)
