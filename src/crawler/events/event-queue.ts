// Which queue a crawler in event mode listens to. Source: AWS docs, "Accelerating crawls using Amazon S3 event notifications".
import type { CrawlerTargets } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';

export interface EventQueue {
  queueArn: string;
  deadLetterArn: string | undefined;
}

const QUEUE_ARN = /^arn:aws[^:]*:sqs:[^:]+:\d{12}:[\w-]+$/;

/** @throws AwsError InvalidInputException for a crawler that event mode is not for */
export function eventQueueOf({ Name, Targets }: { Name: string; Targets: CrawlerTargets }): EventQueue {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidInputException', `Crawler ${Name} cannot be in CRAWL_EVENT_MODE: ${message}.`);
  };
  const targets = Object.entries(Targets).flatMap(([kind, list]) =>
    ((list ?? []) as object[]).map((target) => ({ kind, target })),
  );
  const [only, ...others] = targets;
  if (!only || others.length > 0 || !['S3Targets', 'CatalogTargets'].includes(only.kind)) {
    return refuse(
      `it needs exactly one target, in S3Targets or CatalogTargets, and has ${targets.length === 0 ? 'none' : targets.map(({ kind }) => kind).join(', ')}`,
    );
  }
  const { EventQueueArn, DlqEventQueueArn, SampleSize } = only.target as {
    EventQueueArn?: string;
    DlqEventQueueArn?: string;
    SampleSize?: number;
  };
  if (SampleSize !== undefined)
    return refuse(`SampleSize ${SampleSize} is not supported there, leave it out`);
  for (const [member, arn] of Object.entries({ EventQueueArn, DlqEventQueueArn })) {
    if (arn && !QUEUE_ARN.test(arn)) return refuse(`${member} ${arn} is not the ARN of a queue`);
  }
  if (!EventQueueArn) return refuse(`its target names no EventQueueArn`);
  return { queueArn: EventQueueArn, deadLetterArn: DlqEventQueueArn || undefined };
}
