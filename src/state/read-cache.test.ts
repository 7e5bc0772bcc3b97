// What is remembered holds: until a write, through what is taken back, and within bounds.
import { describe, expect, it } from 'vitest';
import { openReadCache } from './read-cache.js';
import { openState } from './state.js';

const SCHEMA = { component: 'test', steps: ['CREATE TABLE words (word TEXT)'] };

function openWords(sizeMax = 1000) {
  const state = openState(':memory:', [SCHEMA]);
  const cache = openReadCache<string>(state, { sizeOf: (text) => text.length, sizeMax });
  let readCount = 0;
  return {
    state,
    readCount: () => readCount,
    add: (word: string) => state.sql('INSERT INTO words VALUES (?)').run(word),
    words: (key = 'all') =>
      cache.get(key, () => {
        readCount++;
        const rows = state.sql('SELECT word FROM words ORDER BY word').all() as { word: string }[];
        return rows.length === 0 ? undefined : rows.map(({ word }) => word).join(' ');
      }),
  };
}

describe('a read cache', () => {
  it('reads once until something is written', () => {
    const { add, words, readCount } = openWords();
    add('a');
    expect([words(), words(), readCount()]).toEqual(['a', 'a', 1]);
    add('b');
    expect([words(), words(), readCount()]).toEqual(['a b', 'a b', 2]);
  });

  it('keeps nothing of what was not there', () => {
    const { words, readCount } = openWords();
    expect([words(), words(), readCount()]).toEqual([undefined, undefined, 2]);
  });

  it('forgets what was read in a transaction that was taken back', () => {
    const { state, add, words } = openWords();
    add('a');
    expect(() =>
      state.transaction(() => {
        add('b');
        expect(words()).toBe('a b');
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
    expect(words()).toBe('a');
  });

  it('forgets what was read in a nested transaction that was taken back', () => {
    const { state, add, words } = openWords();
    add('a');
    state.transaction(() => {
      expect(() =>
        state.transaction(() => {
          add('b');
          expect(words()).toBe('a b');
          throw new Error('taken back');
        }),
      ).toThrow('taken back');
      expect(words()).toBe('a');
    });
  });

  it('forgets everything when it has grown to its bound', () => {
    const { add, words, readCount } = openWords(3);
    add('a');
    for (const key of ['1', '2', '3']) words(key);
    words('1');
    expect(readCount()).toBe(4);
    words('1');
    expect(readCount()).toBe(4);
  });
});
