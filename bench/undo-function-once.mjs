// Asks the undo function, as it is deployed, for a plan and its apply in one process, as Lambda does while it is warm.
// undo-function-once.mjs CRAWLER prints the highest resident memory after each, as JSON. Endpoint, store and limits: as for the function.
import { readFileSync } from 'node:fs';
import undoFunction from '../dist/function-bundles/crawl-undo/crawl-undo.js';

const [crawlerName] = process.argv.slice(2);
const context = { getRemainingTimeInMillis: () => 900_000 };
const ask = async (event) => {
  const result = await undoFunction.handler(event, context);
  if (result.decision === 'planned' || result.decision === 'applied') return result;
  throw new Error(JSON.stringify(result).slice(0, 2000));
};
/** VmHWM, which Linux keeps. */
const residentMB = () => {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) / 1024;
};
const planned = await ask({ action: 'plan-undo', crawlerName });
const planMB = residentMB();
const { report } = await ask({ action: 'apply', planId: planned.planId });
console.log(
  JSON.stringify({ applied: report.applied, verified: report.verified, planMB, applyMB: residentMB() }),
);
