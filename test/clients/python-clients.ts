// Finds a Python with boto3 and the AWS CLI: the clients that nobody here wrote.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PythonClients {
  python: string;
  /** Absent when they are there; otherwise why the journeys cannot run. */
  missing?: string;
}

/** In CI a missing client is a failure; elsewhere it is a reason to skip. */
export function findPythonClients(): PythonClients {
  const local = join('.venv', 'bin', 'python');
  const python = process.env['GLUEPOT_PYTHON'] ?? (existsSync(local) ? local : 'python3');
  try {
    execFileSync(python, ['-c', 'import awscli, boto3'], { stdio: 'pipe' });
    return { python };
  } catch (error) {
    const missing = `${python} has no boto3 and awscli: python3 -m venv .venv && .venv/bin/pip install -r test/clients/requirements.txt`;
    if (process.env['CI']) throw new Error(missing, { cause: error });
    return { python, missing };
  }
}

/** Environment under which boto3 and the AWS CLI find the server at `endpoint`, and nothing of this machine's own settings. */
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
