// The value of --event-faults: what goes wrong with events on their way to targets, by name.
import { InvalidArgumentError } from 'commander';
import type { EventFaults } from '../connect.js';

const DELAY_MS_MAX = 86_400_000;
const SEED_MAX = 2 ** 32 - 1;

const FAULTS: Record<string, { member: keyof EventFaults; max: number; isWhole: boolean }> = {
  duplicate: { member: 'duplicate', max: 1, isWhole: false },
  drop: { member: 'drop', max: 1, isWhole: false },
  delay: { member: 'delayMs', max: DELAY_MS_MAX, isWhole: true },
  seed: { member: 'seed', max: SEED_MAX, isWhole: true },
};

/** Reads `duplicate=0.1,drop=0.01,delay=5000,seed=7`; each is optional. @throws InvalidArgumentError */
export function eventFaults(text: string): EventFaults {
  const faults: EventFaults = {};
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^([a-z]+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const fault = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
    if (!fault) {
      throw new InvalidArgumentError(
        `'${part}' is none of ${Object.keys(FAULTS).join('=, ')}= with a number.`,
      );
    }
    if (Number(value) > fault.max || (fault.isWhole && value.includes('.'))) {
      throw new InvalidArgumentError(
        `${name} must be a ${fault.isWhole ? 'whole ' : ''}number from 0 to ${fault.max}, not ${value}.`,
      );
    }
    if (faults[fault.member] !== undefined) throw new InvalidArgumentError(`${name} is given twice.`);
    faults[fault.member] = Number(value);
  }
  if ((faults.duplicate ?? 0) + (faults.drop ?? 0) > 1) {
    throw new InvalidArgumentError('duplicate and drop are shares of all deliveries: together at most 1.');
  }
  return faults;
}
