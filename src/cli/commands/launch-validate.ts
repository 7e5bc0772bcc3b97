// gluepot launch validate SPEC
import type { CommandContext } from '../command.js';
import { readSpecOnly, type SpecSource } from '../launch-session.js';
import type { Outcome } from '../output.js';

/** What a preset makes of the environment is printed as the spec file that says the same. */
export async function launchValidate(context: CommandContext, source: SpecSource): Promise<Outcome> {
  const { output } = context;
  const { spec, yaml } = await readSpecOnly(context, source);
  if (yaml !== undefined) {
    output.print(
      `# What the preset ${source.preset} makes of its variables: a launch spec.\n${yaml.trimEnd()}`,
    );
    return { result: { spec, yaml } };
  }
  const gates = spec.require.flatMap((gate) => Object.keys(gate));
  output.print(`${source.spec} is a valid launch spec: ${spec.name} starts job ${spec.start.job}.`);
  output.print(gates.length === 0 ? 'It requires nothing.' : `It requires: ${gates.join(', ')}.`);
  return { result: { spec } };
}
