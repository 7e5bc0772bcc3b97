// How anything is measured here: contenders take turns in the same run, medians count, and a ratio is what is held to a target.

/** What a contender does once; it answers what was measured of it, in the unit of its comparison. */
export type Contender = () => Promise<number>;

/** The samples of each contender, one a round. */
export type Samples<Contenders> = { [Name in keyof Contenders]: number[] };

/** `1/s` is a rate, where more is better; the others are costs, where less is. */
export type Unit = 'ms' | 's' | 'MB' | 'calls' | '1/s';

/** A cost may be so many times the limit's, or must be that many times smaller; a rate must be so many times the limit's. */
export type Target = { atMost: number } | { atLeast: number };

export interface Comparison {
  name: string;
  unit: Unit;
  /** Median. */
  measured: number;
  limit: { name: string; value: number };
  /** Measured to limit; for a cost with a target `atLeast` limit to measured: how many times faster or smaller. */
  ratio: number;
  target: Target;
  met: boolean;
  /** Round by round. */
  samples: { measured: readonly number[]; limit: readonly number[] };
}

/** Something that has no limit on this machine: what is missing, and what of gluepot was measured anyway. */
export interface Unmet {
  name: string;
  unit: Unit;
  measured: number;
  /** e.g. `moto is not installed`. */
  missing: string;
  target: Target;
}

export type Result = Comparison | Unmet;

/**
 * Runs every contender once a round. The order turns from round to round, so that who comes first, and what the machine
 * is busy with meanwhile, falls on each of them alike. Rounds before the first counted one warm up.
 * A contender that is undefined has no samples.
 */
export async function interleave<Contenders extends Record<string, Contender | undefined>>(
  contenders: Contenders,
  { rounds, warmUpRounds = 0 }: { rounds: number; warmUpRounds?: number },
): Promise<Samples<Contenders>> {
  const turns = Object.entries(contenders).flatMap(([name, run]) => (run ? [{ name, run }] : []));
  const samples: Record<string, number[]> = Object.fromEntries(turns.map(({ name }) => [name, []]));
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (let turn = 0; turn < turns.length; turn++) {
      const { name, run } = turns[(round + turn) % turns.length] as (typeof turns)[number];
      const value = await run();
      if (round >= warmUpRounds) samples[name]?.push(value);
    }
  }
  return samples as Samples<Contenders>;
}

/**
 * Holds samples against those of the same rounds of a limit. The ratio is the median of the rounds' own ratios: what
 * slows a whole round down cancels out. A limit that is one number is the same in every round.
 */
export function compare(options: {
  name: string;
  unit: Unit;
  measured: readonly number[];
  limit: { name: string; samples: readonly number[] | number };
  target: Target;
}): Comparison {
  const { name, unit, measured, limit, target } = options;
  const limits =
    typeof limit.samples === 'number' ? measured.map(() => limit.samples as number) : limit.samples;
  const isTimesLess = 'atLeast' in target && unit !== '1/s';
  const ratio = median(
    measured.map((value, round) => {
      const held = limits[round] as number;
      return isTimesLess ? held / value : value / held;
    }),
  );
  return {
    name,
    unit,
    measured: median(measured),
    limit: { name: limit.name, value: median(limits) },
    ratio,
    target,
    met: 'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast,
    samples: { measured, limit: limits },
  };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest rank, the mean of the middle two for an even median. `values` must not be empty. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  if (fraction === 0.5) {
    return ((sorted[Math.floor(position)] as number) + (sorted[Math.ceil(position)] as number)) / 2;
  }
  return sorted[Math.ceil(position)] as number;
}

/** Milliseconds that `body` takes. */
export async function timeMs(body: () => unknown): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}
