/** A random source with a seed: mulberry32. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number from 0 to n-1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

/** The seeds of a test: CODECOLLAB_SEED alone if it is set, else count of them from a first one that is printed. */
export function seeds(name: string, count: number): number[] {
  const given = process.env["CODECOLLAB_SEED"];
  if (given !== undefined) return [Number(given)];
  const many = Number(process.env["CODECOLLAB_SEEDS"] ?? count);
  const first = Math.floor(Math.random() * 1e9);
  console.log(`${name}: seeds ${first} to ${first + many - 1} (CODECOLLAB_SEED=n repeats one, CODECOLLAB_SEEDS=n runs n)`);
  return Array.from({ length: many }, (_, i) => first + i);
}

/** Runs f for each seed; a failure names its seed. */
export async function eachSeed(name: string, count: number, f: (random: Random) => Promise<void>): Promise<void> {
  for (const seed of seeds(name, count)) {
    try {
      await f(new Random(seed));
    } catch (error) {
      throw new Error(`CODECOLLAB_SEED=${seed}: ${String(error)}`, { cause: error });
    }
  }
}
