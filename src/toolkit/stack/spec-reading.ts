// A stack file (YAML or JSON) read and checked: everything wrong with it is told at once, with lines.
import { readFileSync } from 'node:fs';
import { CreateCrawlerRequest$, CreateJobRequest$, DatabaseInput$ } from '@aws-sdk/client-glue';
import * as v from 'valibot';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { GluepotError, messageOf } from '../../base/errors.js';
import { checkAwsMembers, wrongType } from './aws-members.js';
import { checkPlaceholders, type PlaceholderName } from './placeholders.js';
import { stackShape, type StackSpec } from './spec.js';
import { formatPath, positionOf, unknownKey, type SpecIssue, type SpecPath } from './spec-issue.js';

const PROBLEM_COUNT_MAX = 20;

/** @throws GluepotError `usage` when the file cannot be read or anything in it is wrong */
export function readStackSpec(path: string): StackSpec {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new GluepotError('usage', `The stack file ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return parseStackSpec(text, path);
}

/**
 * @param source what to call the text in messages: the path of its file
 * @throws GluepotError `usage` naming every problem with its line, path and what is allowed
 */
export function parseStackSpec(text: string, source: string): StackSpec {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    // What the parser says after its first error is mostly a consequence of it.
    const { line, col } = lines.linePos(syntaxError.pos[0]);
    const isPlaceholder = text.slice(0, syntaxError.pos[0]).endsWith('$');
    const hint = isPlaceholder ? ' A text with ${...} inside { } or [ ] needs quotes.' : '';
    throw refusal(source, [`${source}:${line}:${col}: ${syntaxError.message}.${hint}`]);
  }
  const content: unknown = document.toJS();
  const issues = checkSpec(content);
  if (issues.length > 0) {
    throw refusal(
      source,
      issues.map((issue) => formatIssue(issue, source, document, lines)),
    );
  }
  return content as StackSpec;
}

function refusal(source: string, problems: string[]): GluepotError {
  const unique = [...new Set(problems)];
  const heading =
    unique.length === 1
      ? `${source} is not a valid stack file:`
      : `${source} is not a valid stack file (${unique.length} problems):`;
  const shown = unique.slice(0, PROBLEM_COUNT_MAX).map((problem) => `  ${problem}`);
  const rest = unique.length - shown.length;
  return new GluepotError(
    'usage',
    [heading, ...shown, ...(rest > 0 ? [`  ... and ${rest} more`] : [])].join('\n'),
  );
}

function formatIssue(issue: SpecIssue, source: string, document: Document, lines: LineCounter): string {
  const position = positionOf(document, lines, issue);
  const place = position ? `${source}:${position.line}:${position.col}` : source;
  const path = formatPath(issue.path);
  return `${place}: ${path === '' ? '' : `${path}: `}${issue.message}`;
}

function checkSpec(content: unknown): SpecIssue[] {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return wrongType('a mapping with at least "name" and "bucket"', content, []);
  }
  const parsed = v.safeParse(stackShape, content);
  if (!parsed.success) return parsed.issues.map(shapeIssue);
  const spec = parsed.output;
  const available: PlaceholderName[] = ['account', 'region', 'stack', 'bucket'];
  if (spec.role) available.push('role');
  if (spec.database) available.push('database');
  return [...checkAwsParts(spec), ...checkNames(spec), ...checkPlaceholders(content, available)];
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
  ];
}

function checkNames(spec: v.InferOutput<typeof stackShape>): SpecIssue[] {
  const crawlers = (spec.crawlers ?? []).map((crawler) => crawler.Name);
  const jobs = (spec.jobs ?? []).map((job) => job.Name);
  const issues = [...duplicates(crawlers, 'crawlers'), ...duplicates(jobs, 'jobs')];
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

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a mapping',
};

function shapeIssue(issue: v.BaseIssue<unknown>): SpecIssue {
  const path: SpecPath = (issue.path ?? []).map((item) => item.key as string | number);
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return unknownKey(path, allowedKeys(path));
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    return { path: path.slice(0, -1), message: `missing "${String(path.at(-1))}".` };
  }
  if (issue.kind === 'schema') {
    const expected = TYPE_WORDS[issue.expected ?? ''] ?? `one of ${issue.expected ?? ''}`;
    return wrongType(expected, issue.input, path)[0] as SpecIssue;
  }
  const subject = typeof issue.input === 'object' ? '' : `${JSON.stringify(issue.input)} `;
  return { path, message: `${subject}${issue.message}.` };
}

interface ShapeNode {
  entries?: Record<string, ShapeNode>;
  item?: ShapeNode;
  wrapped?: ShapeNode;
}

function allowedKeys(path: SpecPath): string[] {
  let node: ShapeNode | undefined = stackShape as unknown as ShapeNode;
  for (const part of path.slice(0, -1)) {
    node = unwrap(node);
    node = typeof part === 'number' ? node?.item : node?.entries?.[part];
  }
  return Object.keys(unwrap(node)?.entries ?? {});
}

function unwrap(node: ShapeNode | undefined): ShapeNode | undefined {
  return node?.wrapped ? unwrap(node.wrapped) : node;
}
