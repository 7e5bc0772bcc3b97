// What the undo function is asked for: a plan, its apply, or the end or return of one that was cut short.
import {
  array,
  boolean,
  literal,
  minLength,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  safeParse,
  strictObject,
  string,
  variant,
  integer,
  nonEmpty,
  type InferOutput,
} from 'valibot';
import { GluepotError } from '../base/errors.js';

const name = pipe(string(), nonEmpty());
/** Globs, as those of GLUEPOT_PROTECT. */
const tables = optional(pipe(array(name), minLength(1)));
const decision = {
  /** Only these. */
  tables,
  /** Not these. */
  except: tables,
  onConflict: optional(picklist(['abort', 'keep-current', 'force'])),
  includeTableFormats: optional(boolean()),
};
const limits = {
  /** Tighter than the function's own, never looser. */
  maxChanges: optional(pipe(number(), integer(), minValue(0))),
};

const REQUEST = variant('action', [
  strictObject({
    action: literal('plan-undo'),
    crawlerName: name,
    crawlId: optional(name),
    /** As on the command line: ISO 8601 with a zone, now-2h, seconds or milliseconds since 1970. */
    since: optional(name),
    database: optional(name),
    ...decision,
  }),
  strictObject({ action: literal('plan-redo'), journalId: optional(name), ...decision }),
  strictObject({ action: literal('apply'), planId: name, ...limits }),
  strictObject({ action: picklist(['resume', 'roll-back']), journalId: name }),
]);

export type CrawlUndoRequest = InferOutput<typeof REQUEST>;

/** @throws GluepotError `usage`, naming the member, for anything else */
export function readCrawlUndoRequest(event: unknown): CrawlUndoRequest {
  const parsed = safeParse(REQUEST, event);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = issue.path?.map(({ key }) => String(key)).join('.');
  throw new GluepotError(
    'usage',
    `This event asks for no undo${path ? `: ${path}` : ''}: ${issue.message}. Its action is plan-undo (crawlerName), ` +
      'plan-redo, apply (planId), resume or roll-back (journalId).',
  );
}
