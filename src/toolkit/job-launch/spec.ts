// A launch spec's shape: which event, what must be so, how often, what is prepared, and which job is started.
import * as v from 'valibot';
import { sqlParameterShape } from './tables/sql-parameter.js';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
const texts = v.pipe(v.array(text), v.nonEmpty('must not be empty'));

const objectUri = v.pipe(
  v.string(),
  v.regex(/^s3:\/\/[^/]+\/.+[^/]$/, 'must be an object, as s3://BUCKET/KEY'),
);
/** A prefix without a slash takes its neighbours along: `results` is also the start of `results_archive/`. */
const prefixUri = v.pipe(
  v.string(),
  v.regex(
    /^s3:\/\/[^/]+\/.+\/$/,
    'must be a prefix below a bucket that ends in "/", as s3://BUCKET/results/',
  ),
);
const timeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as 02:30'));

export const cutOffShape = v.pipe(
  v.string(),
  v.regex(
    /^(PREVIOUS_DAY_MIDNIGHT|TODAY_MIDNIGHT|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/,
    'must be PREVIOUS_DAY_MIDNIGHT, TODAY_MIDNIGHT, or a time of UTC as "2024-05-01 00:00:00"',
  ),
  v.check(isMidnightOrTime, 'is no time that there is'),
);

const gate = v.pipe(
  v.strictObject({
    /** No job of these queues is submitted, pending, runnable, starting or running. Names or ARNs. */
    batchQueuesDrained: v.optional(
      v.strictObject({
        queues: texts,
        /** They must be found empty twice, so many seconds apart: a job may be submitted by the one that ends. */
        settleSeconds: v.optional(wholeNumber(0, 600), 15),
        /** Each queue must have seen a job end within so many minutes: one to which nothing came yet is empty, too. */
        activeWithinMinutes: v.optional(wholeNumber(1, 10_080)),
      }),
    ),
    /** The newest job of each name in the queue has succeeded, within so many hours. */
    batchJobsSucceeded: v.optional(
      v.strictObject({ queue: text, jobNames: texts, withinHours: v.optional(wholeNumber(1, 168), 24) }),
    ),
    /** No run of this Glue job is at work. */
    glueJobIdle: v.optional(v.strictObject({ job: text })),
    /** The crawler is READY and its last crawl has succeeded. */
    crawlerReady: v.optional(v.strictObject({ crawler: text })),
    objectPresent: v.optional(v.strictObject({ object: objectUri })),
    /** From so to so, over midnight when `from` is the later; on the clock of `timeZone`. */
    timeWindow: v.optional(
      v.strictObject({
        from: timeOfDay,
        to: timeOfDay,
        timeZone: v.optional(
          v.pipe(v.string(), v.check(isTimeZone, 'is no time zone; name one as Europe/London')),
          'UTC',
        ),
      }),
    ),
  }),
  v.check((value) => Object.keys(value).length === 1, 'needs exactly one kind of requirement'),
);

/** Athena's DDL writes names in small letters; a launch puts its own in front while a table is built. */
const catalogName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9_]{1,200}$/, 'must be 1 to 200 small letters, digits or "_"'),
);

const tableShape = v.strictObject({
  database: catalogName,
  table: catalogName,
  /** One CREATE EXTERNAL TABLE ${table}: the statement itself, or the file it is in, beside the spec's. */
  sql: v.union([text, v.strictObject({ file: text })]),
  /** By the names of their placeholders in the SQL. */
  parameters: v.optional(
    v.record(
      v.pipe(
        v.string(),
        v.regex(/^(?!table$)[a-z][A-Za-z0-9_]*$/, 'must begin with a small letter, and "table" is taken'),
      ),
      sqlParameterShape,
    ),
    {},
  ),
});

const notifyShape = v.pipe(
  v.strictObject({
    /** Name or ARN; events have the source `gluepot.launch`. */
    eventBus: v.optional(text),
    /** URL of a queue of SQS. */
    queue: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^https?:\/\/[^/]+\/\d{12}\/[\w-]{1,80}(\.fifo)?$/, 'must be the URL of a queue'),
      ),
    ),
    on: v.optional(
      v.pipe(v.array(v.picklist(['launch', 'refuse', 'wait', 'run-ended'])), v.nonEmpty('must not be empty')),
      ['launch', 'refuse', 'run-ended'],
    ),
  }),
  v.check(
    ({ eventBus, queue }) => eventBus !== undefined || queue !== undefined,
    'needs "eventBus" or "queue"',
  ),
);

export const launchShape = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "-" or "_"')),
  /** Where claims, the lease and records are kept: s3://BUCKET/PREFIX, or a folder when one machine launches. */
  state: text,
  /** An event pattern of EventBridge. Left out, events of Batch jobs in the queues that `require` names. */
  on: v.optional(v.record(v.string(), v.unknown())),
  require: v.optional(v.array(gate), []),
  policy: v.optional(
    v.strictObject({
      /** Whether an event that says FAILED, of a job in a required queue, stops the launch. */
      onDependencyFailure: v.optional(v.picklist(['block', 'proceed']), 'block'),
      /** Of Batch job events; those of any other are not looked at. */
      endedStatuses: v.optional(texts, ['SUCCEEDED', 'FAILED']),
      /** Runs of the job a day, on the clock of UTC, those not counted that failed or were stopped. */
      runsPerDay: v.optional(wholeNumber(1, 1000), 5),
      /** From the start of one run, whatever became of it, to that of the next. */
      coolDownMinutes: v.optional(wholeNumber(0, 1440), 0),
      /** How long a launcher that has died is waited for. */
      leaseMinutes: v.optional(wholeNumber(1, 60), 15),
    }),
    {},
  ),
  prepare: v.optional(
    v.strictObject({
      /** Prefixes whose objects are moved to the trash before the job starts. */
      clear: v.optional(v.array(prefixUri), []),
      /** Where to; below it a prefix for each launch. */
      trash: v.optional(prefixUri),
      /** A clearing of more objects is refused. */
      objectCountMax: v.optional(wholeNumber(1, 1_000_000), 10_000),
      /** Tables that get a new definition before the job starts. Readers see the old one or the new one, never none. */
      tables: v.optional(v.pipe(v.array(tableShape), v.maxLength(100, 'must be at most 100')), []),
      /** Where Athena makes them. */
      athena: v.optional(
        v.strictObject({
          workGroup: v.optional(text, 'primary'),
          /** Results of queries; left out, where the work group puts them. */
          output: v.optional(
            v.pipe(v.string(), v.regex(/^s3:\/\/[^/]+\/(.+\/)?$/, 'must end in "/", as s3://BUCKET/athena/')),
          ),
          /** For each table. */
          timeoutMinutes: v.optional(wholeNumber(1, 30), 5),
        }),
        {},
      ),
    }),
    {},
  ),
  start: v.strictObject({
    job: text,
    /** Arguments of the run. The placeholders of PLACEHOLDERS are filled in. */
    arguments: v.optional(
      v.record(v.pipe(v.string(), v.startsWith('--', 'must begin with "--"')), v.string()),
      {},
    ),
    window: v.optional(
      v.strictObject({
        /** PREVIOUS_DAY_MIDNIGHT, TODAY_MIDNIGHT, or a time of UTC as `2024-05-01 00:00:00`. */
        start: v.optional(cutOffShape, 'PREVIOUS_DAY_MIDNIGHT'),
        end: v.optional(cutOffShape, 'TODAY_MIDNIGHT'),
        marginMinutes: v.optional(wholeNumber(0, 1440), 2),
      }),
      {},
    ),
  }),
  /** Who is told of decisions and of ends of runs. */
  notify: v.optional(notifyShape),
});

/** As its file has it: SQL may be in files of its own. */
export type LaunchSpecContent = v.InferOutput<typeof launchShape>;
export type TableParameters = v.InferOutput<typeof tableShape>['parameters'];
export type TableSpec = Omit<v.InferOutput<typeof tableShape>, 'sql'> & {
  sql: string;
  /** Where the SQL was read from, unless it is the spec's own. */
  file?: string;
};
export type LaunchSpec = Omit<LaunchSpecContent, 'prepare'> & {
  prepare: Omit<LaunchSpecContent['prepare'], 'tables'> & { tables: TableSpec[] };
};
export type GateSpec = LaunchSpec['require'][number];

function isMidnightOrTime(value: string): boolean {
  if (value.endsWith('_MIDNIGHT')) return true;
  const iso = value.replace(' ', 'T');
  const time = new Date(`${iso}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
