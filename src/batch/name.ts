// Names that Batch accepts.
import { clientError } from './batch-error.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** AWS docs: names of queues, environments, definitions and jobs. @throws AwsError ClientException */
export function checkName(what: string, name: string): void {
  if (NAME.test(name)) return;
  throw clientError(
    `${what} '${name}' is not valid: it must have up to 128 letters, numbers, hyphens and underscores, and begin with a ` +
      'letter or number.',
  );
}
