// Bundles what deploy/ puts on AWS Lambda into dist/function-bundles, a folder each, for `gluepot lambda` to run here as it is there.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';

const outdir = 'dist/function-bundles';
rmSync(outdir, { recursive: true, force: true });
for (const folder of readdirSync('deploy')) {
  const template = readTemplate(join('deploy', folder, 'template.yaml'));
  for (const resource of Object.values(template.Resources)) {
    const isBundled =
      resource.Type === 'AWS::Serverless::Function' && resource.Metadata?.BuildMethod === 'esbuild';
    if (isBundled) await bundle(template, resource);
  }
}

async function bundle(template, sam) {
  const [name] = sam.Properties.Handler.split('.');
  const folder = join(outdir, name);
  const { EntryPoints, Format, MainFields, External = [] } = sam.Metadata.BuildProperties;
  await build({
    entryPoints: EntryPoints,
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: Format,
    // The oldest Node that gluepot itself runs on: here functions run on that one.
    target: 'node20',
    mainFields: MainFields.split(','),
    external: External,
    minify: true,
    logLevel: 'warning',
  });
  // Without one the modules would be of the kind that gluepot's own are.
  writeFileSync(join(folder, 'package.json'), '{}\n');
  writeFileSync(
    join(folder, 'function.json'),
    `${JSON.stringify(describe(name, template, sam), undefined, 2)}\n`,
  );
}

/** What a deployment needs to know besides the code. */
function describe(name, { Description, Parameters = {} }, { Properties }) {
  const { Handler, MemorySize = 128, Timeout = 3, Environment = {} } = Properties;
  const environment = {};
  const needs = {};
  for (const [variable, value] of Object.entries(Environment.Variables ?? {})) {
    const { text, isComplete } = textOf(value, Parameters);
    if (isComplete) environment[variable] = text;
    else needs[variable] = text;
  }
  return {
    name,
    description: Description,
    handler: Handler,
    memoryMb: MemorySize,
    timeoutSeconds: Timeout,
    environment,
    needs,
  };
}

/** A value with the defaults of the template's parameters in it; those that have none stay as they are written. */
function textOf(value, parameters) {
  let isComplete = true;
  const valueOf = (parameter) => {
    const fallback = parameters[parameter]?.Default;
    if (fallback === undefined) isComplete = false;
    return fallback === undefined ? `\${${parameter}}` : String(fallback);
  };
  if (value?.Ref !== undefined) return { text: valueOf(value.Ref), isComplete };
  const source = value?.Sub ?? String(value);
  const text =
    value?.Sub === undefined
      ? source
      : source.replace(/\$\{([^}]+)\}/g, (_, parameter) => valueOf(parameter));
  return { text, isComplete };
}

function readTemplate(file) {
  const scalar = (name) => ({ tag: `!${name}`, resolve: (text) => ({ [name]: text }) });
  return parse(readFileSync(file, 'utf8'), {
    customTags: [scalar('Ref'), scalar('Sub')],
    logLevel: 'silent',
  });
}
