// gluepot launch validate SPEC
import type { CommandContext } from '../command.js';
import { readSpecOnly } from '../launch-session.js';
import type { Outcome } from '../output.js';

export async function launchValidate(context: CommandContext, file: string): Promise<Outcome> {
  const { output } = context;
  const spec = await readSpecOnly(context, file);
  const gates = spec.require.flatMap((gate) => Object.keys(gate));
  output.print(`${file} is a valid launch spec: ${spec.name} starts job ${spec.start.job}.`);
  output.print(gates.length === 0 ? 'It requires nothing.' : `It requires: ${gates.join(', ')}.`);
  return { result: { spec } };
}
