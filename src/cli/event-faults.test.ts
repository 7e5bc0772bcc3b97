// --event-faults by a table: what is read, and what is refused with which words.
import { describe, expect, it } from 'vitest';
import { eventFaults } from './event-faults.js';

describe('--event-faults', () => {
  it.each([
    ['drop=1', { drop: 1 }],
    ['duplicate=0.25,drop=0.01', { duplicate: 0.25, drop: 0.01 }],
    ['delay=5000, seed=7', { delayMs: 5000, seed: 7 }],
  ])('reads %s', (text, faults) => {
    expect(eventFaults(text)).toEqual(faults);
  });

  it.each([
    ['', /'' is none of duplicate=, drop=, delay=, seed= with a number/],
    ['lose=0.5', /'lose=0.5' is none of/],
    ['toString=1', /'toString=1' is none of/],
    ['drop', /'drop' is none of/],
    ['drop=-1', /'drop=-1' is none of/],
    ['drop=1.5', /drop must be a number from 0 to 1, not 1.5/],
    ['delay=0.5', /delay must be a whole number from 0 to 86400000, not 0.5/],
    ['drop=0.1,drop=0.2', /drop is given twice/],
    ['drop=0.6,duplicate=0.6', /together at most 1/],
  ])('refuses %j', (text, message) => {
    expect(() => eventFaults(text)).toThrow(message);
  });
});
