// How often a law is tried by chance, and what its failure says of how to see it again.
import { relative } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';

const { GLUEPOT_LAW_RUNS, GLUEPOT_LAW_SEED, GLUEPOT_LAW_PATH } = process.env;

/** True where one case is tried once more: then not all happens that a law is to have seen. */
export const isReplay = GLUEPOT_LAW_PATH !== undefined;

/**
 * For `fc.assert`. The same few cases in every run, so that nobody's run is red for what somebody else broke; the environment asks
 * for others: GLUEPOT_LAW_RUNS for so many of each law, from GLUEPOT_LAW_SEED on, any when not given; GLUEPOT_LAW_PATH for the one
 * that a failure names.
 */
export function byChance(usual: { numRuns: number; seed: number }) {
  const isUsual = GLUEPOT_LAW_RUNS === undefined && GLUEPOT_LAW_SEED === undefined;
  const seed =
    GLUEPOT_LAW_SEED === undefined ? Date.now() % 2 ** 31 : wholeNumber('GLUEPOT_LAW_SEED', GLUEPOT_LAW_SEED);
  const numRuns =
    GLUEPOT_LAW_RUNS === undefined ? usual.numRuns : wholeNumber('GLUEPOT_LAW_RUNS', GLUEPOT_LAW_RUNS);
  return {
    ...(isUsual ? usual : { numRuns, seed }),
    ...(isReplay ? { path: GLUEPOT_LAW_PATH, endOnFailure: true } : {}),
    reporter<Values>(details: fc.RunDetails<Values>) {
      if (!details.failed) return;
      const { testPath = '', currentTestName = '' } = expect.getState();
      const file = relative(process.cwd(), testPath);
      const again =
        `GLUEPOT_LAW_SEED=${details.seed} GLUEPOT_LAW_PATH=${details.counterexamplePath ?? ''} ` +
        `npx vitest run ${file} -t ${JSON.stringify(currentTestName.replace(/^.* > /, ''))}`;
      throw new Error(`${fc.defaultReportMessage(details)}\n\nOnce more: ${again}`, {
        cause: details.errorInstance,
      });
    },
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}: give it a whole number.`);
}
