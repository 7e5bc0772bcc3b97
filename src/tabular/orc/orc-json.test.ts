// ORC files that are broken, and times of writers in other zones; whole tables are tested with Athena's client.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { OrcError } from './orc-footer.js';
import { readOrcColumns, writeOrcAsJson } from './orc-json.js';
import { openZoneOffsets, orcMicroseconds } from './orc-timestamps.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-orc-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = join(import.meta.dirname, '../../../test/tabular/orc');

async function outcome(bytes: Buffer): Promise<string> {
  const [path, to] = [join(folder, 'a.orc'), join(folder, 'a.json')];
  writeFileSync(path, bytes);
  rmSync(to, { force: true });
  try {
    const names = new Map((await readOrcColumns(path)).map(({ name }) => [name, name]));
    await writeOrcAsJson(path, { to, names, constants: {}, signal: new AbortController().signal });
    return 'read';
  } catch (error) {
    if (error instanceof OrcError) return 'refused';
    throw error;
  }
}

describe('an ORC file', () => {
  it.each(['types-uncompressed', 'types-zlib', 'types-snappy', 'types-lz4', 'types-zstd'])(
    'that is cut or broken anywhere is read or refused: %s',
    async (name) => {
      const whole = readFileSync(join(FILES, `${name}.orc`));
      expect(await outcome(whole)).toBe('read');
      for (let at = 1; at < whole.length; at += 31) {
        expect(await outcome(whole.subarray(0, at))).toBe('refused');
        const broken = Buffer.from(whole);
        broken[at] = (broken[at] as number) ^ 0x55;
        expect(['read', 'refused']).toContain(await outcome(broken));
      }
    },
  );
});

describe('a timestamp', () => {
  const micros = (zone: string, seconds: number, nanoseconds = 0) =>
    orcMicroseconds(seconds, nanoseconds, openZoneOffsets(zone));
  const utc = (text: string) => Date.parse(text) * 1000;

  // Seconds count from midnight of 2015-01-01 where the writer is.
  test.each([
    ['UTC', 0, '2015-01-01T00:00:00Z'],
    ['America/Los_Angeles', 0, '2015-01-01T00:00:00Z'],
    ['America/Los_Angeles', 86_400 * 31, '2015-02-01T00:00:00Z'],
    // Clocks went forward on 8 March: seven hours from UTC instead of eight.
    ['America/Los_Angeles', 86_400 * 90, '2015-04-01T01:00:00Z'],
    ['Asia/Kolkata', 3600, '2015-01-01T01:00:00Z'],
  ])('of a writer in %s, %i seconds after the start, is %s', (zone, seconds, shown) => {
    expect(micros(zone, seconds)).toBe(utc(shown));
  });

  test.each([
    // 123 without zeros cut off; 1.5 million without five of them.
    [(123 << 3) | 0, 0],
    [(15 << 3) | 4, 1500],
    [(999 << 3) | 5, 999_000],
  ])('has the nanoseconds %i as %i microseconds', (stored, expected) => {
    expect(micros('UTC', 0, stored)).toBe(utc('2015-01-01T00:00:00Z') + expected);
  });

  it('before 1970 has its fraction counted from the second before', () => {
    const beforeEpoch = -1_420_070_400;
    expect(micros('UTC', beforeEpoch - 1, (5 << 3) | 7)).toBe(-1_500_000);
  });

  it('far away is exact', () => {
    expect(micros('UTC', 400_000_000_000, (1 << 3) | 2)).toBe(401_420_070_400_000_001n);
  });
});
