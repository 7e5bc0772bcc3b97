// gluepot launch validate SPEC
import { readLaunchSpec } from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import type { Outcome } from '../output.js';

export function launchValidate({ output }: CommandContext, file: string): Promise<Outcome> {
  const spec = readLaunchSpec(file);
  const gates = spec.require.flatMap((gate) => Object.keys(gate));
  output.print(`${file} is a valid launch spec: ${spec.name} starts job ${spec.start.job}.`);
  output.print(gates.length === 0 ? 'It requires nothing.' : `It requires: ${gates.join(', ')}.`);
  return Promise.resolve({ result: { spec } });
}
