// What SAM makes of a template: the code that it uploads, and what its own tools say of it.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const run = promisify(execFile);

interface SamFunction {
  Properties: { CodeUri: string; Handler: string; Environment: { Variables: Record<string, unknown> } };
}

/** CloudFormation's short tags are no YAML of their own: their values do for what is read here. */
export function readSamFunction(template: string, name: string): SamFunction['Properties'] {
  const { Resources } = parse(readFileSync(template, 'utf8'), { logLevel: 'silent' }) as {
    Resources: Record<string, SamFunction>;
  };
  return (Resources[name] as SamFunction).Properties;
}

/** The folder that `sam deploy` uploads, which the build has made. */
export function codeFolder(template: string, { CodeUri }: { CodeUri: string }): string {
  return resolve(dirname(template), CodeUri);
}

/** What cfn-lint has to say; nothing, when it accepts the template. */
export async function lintTemplate(python: string, template: string): Promise<string> {
  const script = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  return (await run(python, ['-c', script, template])).stdout;
}

const TRANSLATE = `
import json, sys
from cfnlint.decode.cfn_yaml import load
from samtranslator.translator.transform import transform
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader

class NoManagedPolicies(ManagedPolicyLoader):
    def __init__(self): pass
    def load(self): return {}

template = json.loads(json.dumps(load(sys.argv[1])))
function = template['Resources'][sys.argv[2]]['Properties']
if function.get('PackageType') == 'Image':
    function['ImageUri'] = '123456789012.dkr.ecr.us-east-1.amazonaws.com/repository:tag'
else:
    function['CodeUri'] = 's3://bucket/key'
print(json.dumps(transform(template, {}, NoManagedPolicies())))
`;

/** The resources of CloudFormation that SAM's translator makes of a template with one function. */
export async function translateTemplate(
  python: string,
  template: string,
  functionName: string,
): Promise<Record<string, { Type: string; Properties?: object }>> {
  const env = { ...process.env, AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' };
  const { stdout } = await run(python, ['-c', TRANSLATE, resolve(template), functionName], { env });
  const { Resources } = JSON.parse(stdout) as {
    Resources: Record<string, { Type: string; Properties?: object }>;
  };
  return Resources;
}
