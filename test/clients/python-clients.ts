// Finds a Python that has the packages a journey needs: the clients that nobody here wrote.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PythonClients {
  python: string;
  /** Absent when all packages are there; otherwise why the journeys cannot run. */
  missing?: string;
}

const REQUIREMENTS = 'test/clients/requirements.txt';

const PRINT_MISSING = `
import sys
from importlib.metadata import PackageNotFoundError, version
for name in sys.argv[1:]:
    try:
        version(name)
    except PackageNotFoundError:
        print(name)
`;

/** `packages` are named as on PyPI. In CI a missing one is a failure; elsewhere it is a reason to skip. */
export function findPythonClients(packages: readonly string[] = ['awscli', 'boto3']): PythonClients {
  const local = join('.venv', 'bin', 'python');
  const python = process.env['GLUEPOT_PYTHON'] ?? (existsSync(local) ? local : 'python3');
  const missing = missingPackages(python, packages);
  if (missing.length === 0) return { python };
  const reason = `${python} has no ${missing.join(', ')}: python3 -m venv .venv && .venv/bin/pip install -r ${REQUIREMENTS}`;
  if (process.env['CI']) throw new Error(reason);
  return { python, missing: reason };
}

function missingPackages(python: string, packages: readonly string[]): readonly string[] {
  try {
    const output = execFileSync(python, ['-c', PRINT_MISSING, ...packages], { stdio: 'pipe' }).toString();
    return output.split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return packages;
    throw error;
  }
}

/** Environment under which AWS clients find the server at `endpoint`, and nothing of this machine's own settings. */
export function clientEnvironment(endpoint: string, python: string): NodeJS.ProcessEnv {
  return {
    PATH: `${dirname(python)}:${process.env['PATH'] ?? ''}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
