# Two million steps of plain Python, compiled while they run: the longest Collatz chain.
import time


def chain(n):
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps


started = time.perf_counter()
best = max(range(1, 20_000), key=chain)
print(f"{best} needs {chain(best)} steps to come down to 1.")

n, peak = best, best
while n != 1:
    n = 3 * n + 1 if n % 2 else n // 2
    peak = max(peak, n)
print(f"On the way it climbs to {peak:,}.")
print("That took less than two seconds." if time.perf_counter() - started < 2 else "That took a while.")
