// A stack file (YAML or JSON) read and checked.
import { CreateCrawlerRequest$, CreateJobRequest$, DatabaseInput$ } from '@aws-sdk/client-glue';
import { dirname, resolve } from 'node:path';
import type * as v from 'valibot';
import { readIngestSpec } from '../ingest/read-spec.js';
import { parseSpec, readSpecText, type SpecKind } from '../spec-file/read-spec-file.js';
import type { SpecIssue } from '../spec-file/spec-issue.js';
import { checkAwsMembers } from './aws-members.js';
import { checkPlaceholders, type PlaceholderName } from './placeholders.js';
import { stackShape, type SpecIngest, type StackSpec } from './spec.js';

const TO_BEGIN = 'To begin with one, copy examples/demo/stack.yaml of the gluepot package.';

const STACK_FILE: SpecKind<typeof stackShape> = {
  name: 'stack file',
  shape: stackShape,
  least: '"name" and "bucket"',
  check(spec, content) {
    const available: PlaceholderName[] = ['account', 'region', 'stack', 'bucket'];
    if (spec.role) available.push('role');
    if (spec.database) available.push('database');
    return [...checkAwsParts(spec), ...checkNames(spec), ...checkPlaceholders(content, available)];
  },
};

/** @throws GluepotError `usage` when the file cannot be read or anything in it is wrong */
export function readStackSpec(path: string): StackSpec {
  return parseStackSpec(readSpecText(path, { name: STACK_FILE.name, toBegin: TO_BEGIN }), path);
}

/**
 * @param source what to call the text in messages: the path of its file
 * @throws GluepotError `usage` naming every problem with its line, path and what is allowed
 */
export function parseStackSpec(text: string, source: string): StackSpec {
  const content = parseSpec(text, source, STACK_FILE).content as StackSpec;
  return content.ingests
    ? { ...content, ingests: content.ingests.map((ingest) => withSpec(ingest, source)) }
    : content;
}

/** A file is taken as it is: what looks like a placeholder in it is none. */
function withSpec(ingest: SpecIngest, source: string): SpecIngest {
  if (typeof ingest.spec !== 'string') return ingest;
  const spec = readIngestSpec(resolve(dirname(source), ingest.spec));
  return {
    ...ingest,
    spec: JSON.parse(JSON.stringify(spec).replaceAll('${', () => '$${')) as SpecIngest['spec'],
  };
}

function checkAwsParts(spec: v.InferOutput<typeof stackShape>): SpecIssue[] {
  const optional = spec.role ? ['Role'] : [];
  const refused = {
    Tags: 'tags are set by gluepot, which finds its own resources by them. Remove "Tags".',
  };
  return [
    ...(spec.database ? checkAwsMembers(DatabaseInput$, spec.database, ['database']) : []),
    ...(spec.crawlers ?? []).flatMap((crawler, index) =>
      checkAwsMembers(CreateCrawlerRequest$, crawler, ['crawlers', index], {
        optional,
        refused: { ...refused, CatalogId: 'a stack stays in one account. Remove "CatalogId".' },
      }),
    ),
    ...(spec.jobs ?? []).flatMap((job, index) =>
      checkAwsMembers(CreateJobRequest$, job, ['jobs', index], { optional, refused }),
    ),
    ...(spec.ingests ?? []).flatMap(({ job = {} }, index) =>
      checkAwsMembers(CreateJobRequest$, job, ['ingests', index, 'job'], {
        optional: ['Name', 'Role', 'Command'],
        refused: {
          ...refused,
          Name: 'the ingest’s own Name counts. Remove this one.',
          Command: 'gluepot knows what the job of an ingest starts. Remove "Command".',
        },
      }),
    ),
  ];
}

function checkNames(spec: v.InferOutput<typeof stackShape>): SpecIssue[] {
  const crawlers = (spec.crawlers ?? []).map((crawler) => crawler.Name);
  const ingests = (spec.ingests ?? []).map((ingest) => ingest.Name);
  const jobs = [...(spec.jobs ?? []).map((job) => job.Name), ...ingests];
  const issues = [
    ...duplicates(crawlers, 'crawlers'),
    ...duplicates(jobs, ingests.length > 0 ? 'ingests' : 'jobs'),
  ];
  for (const [index, step] of (spec.run ?? []).entries()) {
    const [kind, names] =
      step.crawler === undefined ? (['job', jobs] as const) : (['crawler', crawlers] as const);
    const name = step[kind];
    if (!names.includes(name)) {
      issues.push({
        path: ['run', index, kind],
        message: `there is no ${kind} "${name}" in this stack. It has: ${names.join(', ') || 'none'}.`,
      });
    }
  }
  return issues;
}

function duplicates(names: readonly unknown[], section: string): SpecIssue[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: [section, index, 'Name'], message: `"${String(name)}" is there twice.` }],
  );
}
