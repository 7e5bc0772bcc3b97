// A stack's crawlers; their members are those of AWS's CreateCrawler.
import {
  CreateCrawlerCommand,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  StopCrawlerCommand,
  UpdateCrawlerCommand,
  type Crawler,
  type CreateCrawlerRequest,
  type UpdateCrawlerRequest,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { retryAssumeRole } from './assume-role-retry.js';
import { glueOwnership, tagAsAdopted } from './glue-tags.js';
import { ownershipTags } from './ownership.js';
import { poll } from '../../aws/poll.js';
import type { Members, ResourceHandler } from './resource.js';
import type { ResourceScope } from './stack-scope.js';

const STOP_TIMEOUT_MS = 10 * 60_000;

// UpdateCrawler keeps what it is not given, so what a file no longer says must be given as AWS's default.
const DEFAULTS: Partial<UpdateCrawlerRequest> = {
  Description: '',
  Classifiers: [],
  Schedule: '',
  TablePrefix: '',
  Configuration: '',
  CrawlerSecurityConfiguration: '',
  SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' },
  RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
  LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
};

/** The members in a form in which two ways to say the same are equal: roles by name, Configuration as what it means. */
export function comparableCrawler(members: Members): Members {
  const { Role, Configuration, Schedule } = members as {
    Role?: string;
    Configuration?: string;
    Schedule?: unknown;
  };
  return {
    ...members,
    Role: Role?.split('/').at(-1),
    Configuration: Configuration ? parseConfiguration(Configuration) : undefined,
    // CreateCrawler takes the expression, GetCrawler answers it with the schedule's state.
    Schedule: typeof Schedule === 'object' ? (Schedule as Crawler['Schedule'])?.ScheduleExpression : Schedule,
  };
}

function parseConfiguration(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: AWS will say so; until then it is only compared.
    return text;
  }
}

export function crawlerHandler(scope: ResourceScope<'glue'>): ResourceHandler {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  return {
    async observe(name) {
      try {
        const { Crawler } = await glue.send(new GetCrawlerCommand({ Name: name }), { abortSignal });
        const ownership = await glueOwnership(scope, 'crawler', name);
        return { kind: 'crawler', name, members: { ...Crawler }, ownership };
      } catch (error) {
        if (isAwsError(error, 'EntityNotFoundException')) return undefined;
        throw error;
      }
    },
    async create({ members }) {
      const request = { ...(members as unknown as CreateCrawlerRequest), Tags: ownershipTags(scope) };
      await retryAssumeRole(scope, () => glue.send(new CreateCrawlerCommand(request), { abortSignal }));
    },
    async update({ members }, current) {
      const removed = Object.entries(DEFAULTS).filter(([name]) => current.members[name] !== undefined);
      const request = { ...Object.fromEntries(removed), ...(members as unknown as UpdateCrawlerRequest) };
      await retryAssumeRole(scope, () => glue.send(new UpdateCrawlerCommand(request), { abortSignal }));
    },
    adopt: (name) => tagAsAdopted(scope, 'crawler', name),
    async delete(name) {
      try {
        await stopCrawl(scope, name);
        await glue.send(new DeleteCrawlerCommand({ Name: name }), { abortSignal });
      } catch (error) {
        if (!isAwsError(error, 'EntityNotFoundException')) throw error;
      }
    },
  };
}

async function stopCrawl(scope: ResourceScope<'glue'>, Name: string): Promise<void> {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  await poll(scope, { what: `crawler ${Name} to stop`, timeoutMs: STOP_TIMEOUT_MS }, async () => {
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name }), { abortSignal });
    if (Crawler?.State === 'RUNNING') {
      try {
        await glue.send(new StopCrawlerCommand({ Name }), { abortSignal });
      } catch (error) {
        // It came to its end, or began to stop, since it was looked at.
        if (!isAwsError(error, 'CrawlerNotRunningException', 'CrawlerStoppingException')) throw error;
      }
    }
    return Crawler?.State === 'READY' ? { done: true } : { state: Crawler?.State };
  });
}
