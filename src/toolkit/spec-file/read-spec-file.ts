// A spec file (YAML or JSON) read and checked: everything wrong with it is told at once, with lines.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { GluepotError, messageOf } from '../../base/errors.js';
import {
  formatPath,
  positionOf,
  unknownKey,
  wrongType,
  type SpecIssue,
  type SpecPath,
} from './spec-issue.js';

export type SpecShape = v.GenericSchema;

export interface SpecKind<Shape extends SpecShape> {
  /** As messages call it, e.g. `stack file`. */
  name: string;
  shape: Shape;
  /** What a file cannot go without, for one that is no mapping at all: `"name" and "bucket"`. */
  least: string;
  /** What is wrong beyond the shape. `content` is the file's own, without defaults. */
  check?(spec: v.InferOutput<Shape>, content: object): SpecIssue[];
}

const PROBLEM_COUNT_MAX = 20;

/** What messages say of a file that is not there: its kind, and how to come by one. */
export interface FileWords {
  name: string;
  toBegin?: string;
}

/** The file's text. @throws GluepotError `usage` when it cannot be read */
export function readSpecText(path: string, { name, toBegin }: FileWords): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      const hint = toBegin === undefined ? '' : ` ${toBegin}`;
      throw new GluepotError('usage', `There is no ${name} ${path}.${hint}`, { cause: error });
    }
    throw new GluepotError('usage', `The ${name} ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * @param source what to call the text in messages: the path of its file
 * @returns what the text says, and what the shape makes of it
 * @throws GluepotError `usage` naming every problem with its line, path and what is allowed
 */
export function parseSpec<Shape extends SpecShape>(
  text: string,
  source: string,
  kind: SpecKind<Shape>,
): { content: object; spec: v.InferOutput<Shape> } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    // What the parser says after its first error is mostly a consequence of it.
    const { line, col } = lines.linePos(syntaxError.pos[0]);
    const isPlaceholder = text.slice(0, syntaxError.pos[0]).endsWith('$');
    const hint = isPlaceholder ? ' A text with ${...} inside { } or [ ] needs quotes.' : '';
    throw refusal(source, kind.name, [`${source}:${line}:${col}: ${syntaxError.message}.${hint}`]);
  }
  const content: unknown = document.toJS();
  const checked = checkContent(content, kind);
  if ('spec' in checked) return { content: content as object, spec: checked.spec };
  throw refusal(
    source,
    kind.name,
    checked.issues.map((issue) => formatIssue(issue, source, document, lines)),
  );
}

function checkContent<Shape extends SpecShape>(
  content: unknown,
  kind: SpecKind<Shape>,
): { spec: v.InferOutput<Shape> } | { issues: SpecIssue[] } {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { issues: wrongType(`a mapping with at least ${kind.least}`, content, []) };
  }
  const parsed = v.safeParse(kind.shape, content);
  if (!parsed.success) return { issues: parsed.issues.map((issue) => shapeIssue(issue, kind.shape)) };
  const issues = kind.check?.(parsed.output, content) ?? [];
  return issues.length > 0 ? { issues } : { spec: parsed.output };
}

function refusal(source: string, name: string, problems: string[]): GluepotError {
  const unique = [...new Set(problems)];
  const heading =
    unique.length === 1
      ? `${source} is not a valid ${name}:`
      : `${source} is not a valid ${name} (${unique.length} problems):`;
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

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a mapping',
};

function shapeIssue(issue: v.BaseIssue<unknown>, shape: SpecShape): SpecIssue {
  const path: SpecPath = (issue.path ?? []).map((item) => item.key as string | number);
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return unknownKey(path, allowedKeys(path, shape));
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
  /** Of a record: what stands under each name. */
  value?: ShapeNode;
  wrapped?: ShapeNode;
}

function allowedKeys(path: SpecPath, shape: SpecShape): string[] {
  let node: ShapeNode | undefined = shape as unknown as ShapeNode;
  for (const part of path.slice(0, -1)) {
    node = unwrap(node);
    node = typeof part === 'number' ? node?.item : (node?.entries?.[part] ?? node?.value);
  }
  return Object.keys(unwrap(node)?.entries ?? {});
}

function unwrap(node: ShapeNode | undefined): ShapeNode | undefined {
  return node?.wrapped ? unwrap(node.wrapped) : node;
}
