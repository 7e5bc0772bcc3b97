// What of Glue and S3 must be so: a job without a run at work, a crawler that is done, an object that is there.
import { GetCrawlerCommand, type Crawler } from '@aws-sdk/client-glue';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { isAwsError } from '../../../aws/aws-failure.js';
import { isAtWork, jobRuns } from '../job-runs.js';
import type { LaunchScope } from '../launch-scope.js';
import type { GateResult } from './gate.js';

export async function checkJobIdle(scope: LaunchScope, job: string): Promise<GateResult> {
  const gate = 'glueJobIdle';
  for await (const run of jobRuns(scope, job)) {
    if (!isAtWork(run)) continue;
    const message = `Run ${run.Id} of job ${job} is ${run.JobRunState}.`;
    return { gate, verdict: 'wait', reason: 'job-at-work', message };
  }
  return { gate, verdict: 'pass', reason: 'idle', message: `No run of job ${job} is at work.` };
}

export async function checkCrawler(scope: LaunchScope, Name: string): Promise<GateResult> {
  try {
    const { Crawler } = await scope.clients.glue.send(new GetCrawlerCommand({ Name }), {
      abortSignal: scope.signal,
    });
    return decideCrawler(Name, Crawler);
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
    return decideCrawler(Name, undefined);
  }
}

export function decideCrawler(
  name: string,
  crawler: Pick<Crawler, 'State' | 'LastCrawl'> | undefined,
): GateResult {
  const gate = 'crawlerReady';
  if (!crawler)
    return { gate, verdict: 'block', reason: 'crawler-missing', message: `There is no crawler ${name}.` };
  const { State, LastCrawl } = crawler;
  if (State !== 'READY') {
    return { gate, verdict: 'wait', reason: 'crawler-at-work', message: `Crawler ${name} is ${State}.` };
  }
  if (LastCrawl?.Status === undefined) {
    return {
      gate,
      verdict: 'wait',
      reason: 'never-crawled',
      message: `Crawler ${name} has not crawled yet.`,
    };
  }
  if (LastCrawl.Status !== 'SUCCEEDED') {
    const message = `The last crawl of ${name} is ${LastCrawl.Status}${LastCrawl.ErrorMessage ? `: ${LastCrawl.ErrorMessage}` : ''}.`;
    return { gate, verdict: 'block', reason: 'crawl-failed', message };
  }
  return {
    gate,
    verdict: 'pass',
    reason: 'ready',
    message: `Crawler ${name} is ready, its last crawl has succeeded.`,
  };
}

export async function checkObject(scope: LaunchScope, object: string): Promise<GateResult> {
  const gate = 'objectPresent';
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(object) ?? [];
  try {
    await scope.clients.s3.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: scope.signal });
    return { gate, verdict: 'pass', reason: 'present', message: `${object} is there.` };
  } catch (error) {
    if (!isAwsError(error, 'NotFound', 'NoSuchKey')) throw error;
    return { gate, verdict: 'wait', reason: 'object-missing', message: `${object} is not there.` };
  }
}
