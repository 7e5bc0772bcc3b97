// A crawler: its definition, with AWS's defaults, as it is stored and as GetCrawler answers.
import type {
  CreateCrawlerRequest,
  CrawlerTargets,
  LakeFormationConfiguration,
  LineageConfiguration,
  RecrawlPolicy,
  SchemaChangePolicy,
} from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import { parseConfiguration } from './configuration.js';
import { checkSchedule } from '../schedules/glue-cron.js';
import { eventQueueOf } from './events/event-queue.js';
import { hasCatalogTargets } from './targets/catalog-target.js';
import { defineTargets } from './targets/target-kinds.js';

/** What CreateCrawler and UpdateCrawler say. */
export type CrawlerInput = Omit<CreateCrawlerRequest, 'Tags' | 'Role' | 'Targets'> & {
  Role?: string | undefined;
  Targets?: CrawlerTargets | undefined;
};

export interface CrawlerDefinition {
  Name: string;
  /** As GetCrawler has it: a name with its path, never an ARN (seen in Terraform's AWS provider). */
  Role: string;
  DatabaseName: string;
  Description?: string;
  Targets: CrawlerTargets;
  ScheduleExpression?: string;
  TablePrefix?: string;
  SchemaChangePolicy: Required<SchemaChangePolicy>;
  RecrawlPolicy: RecrawlPolicy;
  LineageConfiguration: LineageConfiguration;
  LakeFormationConfiguration: LakeFormationConfiguration;
  Configuration?: string;
  CrawlerSecurityConfiguration?: string;
  /** Names of custom classifiers, asked before the built-in ones in this order. */
  Classifiers?: string[];
}

export interface StoredCrawler {
  definition: CrawlerDefinition;
  version: number;
  creationTime: Date;
  lastUpdated: Date;
  /** False after StopCrawlerSchedule. */
  isScheduled: boolean;
}

/**
 * The definition that `input` makes, over `stored` where that is given (UpdateCrawler keeps what its input leaves out).
 * @throws AwsError InvalidInputException for what AWS refuses and for what is not supported here
 */
export function defineCrawler(input: CrawlerInput, stored?: CrawlerDefinition): CrawlerDefinition {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidInputException', message);
  };
  const definition: CrawlerDefinition = {
    Name: input.Name as string,
    Role: input.Role === undefined ? (stored?.Role ?? '') : roleName(input.Role),
    DatabaseName: input.DatabaseName ?? stored?.DatabaseName ?? '',
    Targets: defineTargets(input.Name as string, input.Targets ?? stored?.Targets ?? {}),
    SchemaChangePolicy: {
      UpdateBehavior: 'UPDATE_IN_DATABASE',
      DeleteBehavior: 'DEPRECATE_IN_DATABASE',
      ...stored?.SchemaChangePolicy,
      ...withoutUndefined(input.SchemaChangePolicy),
    },
    RecrawlPolicy: {
      RecrawlBehavior: 'CRAWL_EVERYTHING',
      ...stored?.RecrawlPolicy,
      ...withoutUndefined(input.RecrawlPolicy),
    },
    LineageConfiguration: {
      CrawlerLineageSettings: 'DISABLE',
      ...stored?.LineageConfiguration,
      ...withoutUndefined(input.LineageConfiguration),
    },
    LakeFormationConfiguration: {
      UseLakeFormationCredentials: false,
      AccountId: '',
      ...stored?.LakeFormationConfiguration,
      ...withoutUndefined(input.LakeFormationConfiguration),
    },
    Classifiers: input.Classifiers ?? stored?.Classifiers ?? [],
    ...optional('Description', input.Description, stored?.Description),
    ...optional('ScheduleExpression', input.Schedule, stored?.ScheduleExpression),
    ...optional('TablePrefix', input.TablePrefix, stored?.TablePrefix),
    ...optional('Configuration', input.Configuration, stored?.Configuration),
    ...optional(
      'CrawlerSecurityConfiguration',
      input.CrawlerSecurityConfiguration,
      stored?.CrawlerSecurityConfiguration,
    ),
  };
  if (hasCatalogTargets(definition)) {
    if (definition.SchemaChangePolicy.DeleteBehavior !== 'LOG') {
      refuse(
        `The SchemaChangePolicy of crawler ${definition.Name}, which has catalog targets, can have only LOG as DeleteBehavior, not ${definition.SchemaChangePolicy.DeleteBehavior}: its tables are never deleted.`,
      );
    }
  } else if (definition.DatabaseName === '') {
    refuse(`Crawler ${definition.Name} has no DatabaseName: it needs a database to write to.`);
  }
  parseConfiguration(definition.Configuration);
  if (definition.ScheduleExpression !== undefined) checkSchedule(definition.ScheduleExpression);
  checkRecrawlPolicy(definition, stored, refuse);
  return definition;
}

function checkRecrawlPolicy(
  { Name, RecrawlPolicy, SchemaChangePolicy, Targets }: CrawlerDefinition,
  stored: CrawlerDefinition | undefined,
  refuse: (message: string) => never,
): void {
  if (RecrawlPolicy.RecrawlBehavior === 'CRAWL_EVENT_MODE') eventQueueOf({ Name, Targets });
  if (RecrawlPolicy.RecrawlBehavior !== 'CRAWL_NEW_FOLDERS_ONLY') return;
  if ((Targets.S3Targets?.length ?? 0) === 0) {
    refuse('RecrawlBehavior "Crawl new folders only" can only apply to Amazon S3 target.');
  }
  if (SchemaChangePolicy.UpdateBehavior !== 'LOG' || SchemaChangePolicy.DeleteBehavior !== 'LOG') {
    refuse(
      'The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior value and only LOG UpdateBehavior value.',
    );
  }
  const paths = (targets: CrawlerTargets) => JSON.stringify(targets.S3Targets?.map(({ Path }) => Path));
  if (
    stored?.RecrawlPolicy.RecrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY' &&
    paths(stored.Targets) !== paths(Targets)
  ) {
    refuse(
      `The S3 paths of crawler ${Name} cannot be changed while it crawls new folders only: they are ${paths(stored.Targets)}.`,
    );
  }
}

function roleName(role: string): string {
  return role.replace(/^arn:[^:]*:iam::[^:]*:role\//, '');
}

// An empty text takes a member away.
function optional<Name extends string>(
  name: Name,
  given: string | undefined,
  stored: string | undefined,
): Partial<Record<Name, string>> {
  const value = given ?? stored;
  return (value ? { [name]: value } : {}) as Partial<Record<Name, string>>;
}

function withoutUndefined<T extends object>(members: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(members ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
