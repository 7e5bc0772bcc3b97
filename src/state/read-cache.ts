// What was read from the state, kept until anything is written: whoever reads the same again between two writes pays nothing.
import type { State } from './state.js';

export interface ReadCache<Value> {
  /** What `read` gave for this key since the last write, else what it gives now. What it gives must never be changed. */
  get(key: string, read: () => Value | undefined): Value | undefined;
}

/** @param sizeMax when the sizes of all that is kept come to this, everything is forgotten */
export function openReadCache<Value>(
  state: Pick<State, 'revision'>,
  { sizeOf, sizeMax }: { sizeOf: (value: Value) => number; sizeMax: number },
): ReadCache<Value> {
  const kept = new Map<string, Value>();
  let size = 0;
  let revision = state.revision();

  return {
    get(key, read) {
      if (revision !== state.revision() || size >= sizeMax) {
        kept.clear();
        size = 0;
        revision = state.revision();
      }
      const known = kept.get(key);
      if (known !== undefined) return known;
      const value = read();
      if (value !== undefined) {
        kept.set(key, value);
        size += sizeOf(value);
      }
      return value;
    },
  };
}
