// gluepot lambda list
import type { CommandContext } from '../command.js';
import { readFunctionBundles } from '../function-bundle.js';
import type { Outcome } from '../output.js';
import { renderTable } from '../table.js';

export function lambdaList({ output }: CommandContext): Promise<Outcome> {
  const bundles = readFunctionBundles();
  const rows = bundles.map(({ name, description, needs }) => [
    name,
    description,
    Object.keys(needs).join(', '),
  ]);
  output.print(renderTable({ head: ['function', '', 'needs --env'], rows }, output.width));
  const functions = bundles.map(({ name, description, needs, environment }) => ({
    name,
    description,
    needs,
    environment,
  }));
  return Promise.resolve({ result: { functions } });
}
