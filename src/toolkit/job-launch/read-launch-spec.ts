// A launch spec (YAML or JSON) read and checked.
import { parseSpec, readSpecText, type SpecKind } from '../spec-file/read-spec-file.js';
import { formatPath, type SpecIssue } from '../spec-file/spec-issue.js';
import { ARGUMENT_PLACEHOLDERS } from './run-arguments.js';
import { launchShape, type LaunchSpec } from './spec.js';

const LAUNCH_SPEC: SpecKind<typeof launchShape> = {
  name: 'launch spec',
  shape: launchShape,
  least: '"name", "state" and "start"',
  check: (spec) => [...trashIssues(spec), ...placeholderIssues(spec)],
};

/** @throws GluepotError `usage` when the file cannot be read or anything in it is wrong */
export function readLaunchSpec(path: string): LaunchSpec {
  return parseLaunchSpec(readSpecText(path, LAUNCH_SPEC), path);
}

/** @throws GluepotError `usage` naming every problem with its line, path and what is allowed */
export function parseLaunchSpec(text: string, source: string): LaunchSpec {
  return parseSpec(text, source, LAUNCH_SPEC).spec;
}

function trashIssues({ prepare, state }: LaunchSpec): SpecIssue[] {
  const { clear, trash } = prepare;
  if (clear.length > 0 && trash === undefined) {
    return [
      {
        path: ['prepare'],
        message: 'missing "trash": what is cleared is moved there, so that it can be put back.',
      },
    ];
  }
  return clear.flatMap((prefix, index) => {
    const issue = (message: string): SpecIssue[] => [{ path: ['prepare', 'clear', index], message }];
    if (trash?.startsWith(prefix)) return issue(`${prefix} holds the trash, ${trash}, itself.`);
    if (trash !== undefined && prefix.startsWith(trash)) return issue(`${prefix} is in the trash, ${trash}.`);
    if (`${state}/`.startsWith(prefix)) return issue(`${prefix} holds the launch's own state, ${state}.`);
    const other = clear.find((one, at) => at !== index && prefix.startsWith(one));
    return other === undefined ? [] : issue(`${prefix} is part of ${other}, which is cleared, too.`);
  });
}

function placeholderIssues({ start }: LaunchSpec): SpecIssue[] {
  return Object.entries(start.arguments).flatMap(([name, value]) =>
    [...value.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, given = '']) =>
      (ARGUMENT_PLACEHOLDERS as readonly string[]).includes(given)
        ? []
        : [
            {
              path: ['start', 'arguments', name],
              message: `unknown placeholder "\${${given}}". ${formatPath(['start', 'arguments'])} may have: ${ARGUMENT_PLACEHOLDERS.join(', ')}.`,
            },
          ],
    ),
  );
}
