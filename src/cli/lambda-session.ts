// What the lambda commands share: variables of the environment, and how a deployment is told.
import { GluepotError } from '../base/errors.js';
import type { FunctionDeployment } from './function-deployment.js';

export interface DeployOptions {
  /** NAME=VALUE, each. */
  env?: string[];
  /** Name of the function, where it is not the bundle's. */
  as?: string;
  dryRun?: boolean;
}

/** @throws GluepotError `usage` */
export function readVariables(options: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    options.map((option) => {
      const [, name, value] = /^([A-Za-z]\w*)=(.*)$/s.exec(option) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new GluepotError(
        'usage',
        `--env ${option} is no variable: it reads NAME=VALUE, the name of letters, digits and underscores.`,
      );
    }),
  );
}

const SIGNS = { create: '+', update: '~', keep: '=' } as const;

/** The plan, a line or more. Values of variables may be secrets, and are left out. */
export function renderDeployment({ bundle, functionName, environment, action }: FunctionDeployment): string {
  const from = functionName === bundle.name ? '' : ` from ${bundle.name}`;
  return `${SIGNS[action]} function ${functionName}${from}, with ${Object.keys(environment).join(', ')}`;
}
