// Bundles the functions of deploy/ into dist/function-bundles, a folder each: its templates upload them, and `gluepot lambda` runs them here.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';

const outdir = 'dist/function-bundles';
rmSync(outdir, { recursive: true, force: true });
for (const folder of readdirSync('deploy')) {
  const template = readTemplate(join('deploy', folder, 'template.yaml'));
  for (const resource of Object.values(template.Resources)) {
    if (resource.Type !== 'AWS::Serverless::Function') continue;
    if (resource.Metadata?.Dockerfile) await bundleOfImage(template, resource);
    else await bundleOfCode(folder, template, resource);
  }
}

/** What the template itself uploads. */
async function bundleOfCode(folder, template, sam) {
  const { CodeUri, Handler } = sam.Properties;
  const [name] = Handler.split('.');
  const uploaded = relative('', join('deploy', folder, CodeUri));
  if (uploaded !== join(outdir, name)) throw new Error(`deploy/${folder} uploads ${uploaded}.`);
  await bundle(template, sam, Handler, {
    entryPoints: [`src/lambda/${name}.ts`],
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
}

/** There its image brings DuckDB; here the package does, in whose folders Node.js looks for what a bundle has not. */
async function bundleOfImage(template, sam) {
  const dockerfile = readFileSync(sam.Metadata.Dockerfile, 'utf8');
  const [, path, handler] = /^CMD \["dist\/(.+)\.(\w+)"\]$/m.exec(dockerfile);
  await bundle(template, sam, `${basename(path)}.${handler}`, {
    entryPoints: [`src/${path}.ts`],
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['@duckdb/node-api', 'pg-native'],
    logLevel: 'error',
  });
}

async function bundle(template, sam, handler, options) {
  const [name] = handler.split('.');
  const folder = join(outdir, name);
  await build({
    outdir: folder,
    bundle: true,
    platform: 'node',
    // The oldest Node that gluepot itself runs on: here functions run on that one.
    target: 'node20',
    // Names stay: a trace of calls in a log is of use with them only.
    minifySyntax: true,
    minifyWhitespace: true,
    ...options,
  });
  // Without one the modules would be of the kind that gluepot's own are.
  writeFileSync(join(folder, 'package.json'), '{}\n');
  writeFileSync(
    join(folder, 'function.json'),
    `${JSON.stringify(describe(name, handler, template, sam), undefined, 2)}\n`,
  );
}

/** What a deployment needs to know besides the code. */
function describe(name, handler, { Description, Parameters = {} }, { Properties }) {
  const { MemorySize = 128, Timeout = 3, Environment = {} } = Properties;
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
    handler,
    memoryMb: Number(textOf(MemorySize, Parameters).text),
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
