// What goes wrong with events on AWS, on purpose and by a seed: some come twice, some late, a few never.

export interface EventFaults {
  /** Shares of deliveries, 0 to 1. */
  duplicate?: number;
  drop?: number;
  /** Each delivery comes up to so many milliseconds late. */
  delayMs?: number;
  /** The same seed gives the same faults for the same deliveries; 1 when not given. */
  seed?: number;
}

export interface DeliveryFate {
  /** How often the payload is delivered: 0 when it is dropped. */
  count: 0 | 1 | 2;
  delayMs: number;
}

/** Tells the fate of one delivery after the other. */
export function deliveryFates({
  duplicate = 0,
  drop = 0,
  delayMs = 0,
  seed = 1,
}: EventFaults): () => DeliveryFate {
  const random = randomNumbers(seed);
  return () => {
    const [fate, delay] = [random(), random()];
    return {
      count: fate < drop ? 0 : fate < drop + duplicate ? 2 : 1,
      delayMs: Math.floor(delay * delayMs),
    };
  };
}

/** Mulberry32: 32 bits of state, good enough for faults. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
