// A crawler by its name, or what to do when there is none of that name.
import { GetCrawlerCommand, paginateListCrawlers, type Crawler, type GlueClient } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { whichThereAre } from './which-there-are.js';

/** @throws GluepotError `usage` for one that is not there, with the nearest name or those there are, and `advice` */
export async function getCrawler(
  glue: GlueClient,
  Name: string,
  { signal: abortSignal, advice }: { signal: AbortSignal; advice?: string },
): Promise<Crawler> {
  try {
    return (await glue.send(new GetCrawlerCommand({ Name }), { abortSignal })).Crawler as Crawler;
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
    const message = `There is no crawler ${Name} in this account and region. ${await namesThere(glue, Name, abortSignal)}`;
    throw new GluepotError('usage', advice === undefined ? message : `${message} ${advice}`, {
      cause: error,
    });
  }
}

async function namesThere(glue: GlueClient, name: string, abortSignal: AbortSignal): Promise<string> {
  const names: string[] = [];
  try {
    for await (const page of paginateListCrawlers({ client: glue }, {}, { abortSignal })) {
      names.push(...(page.CrawlerNames ?? []));
    }
  } catch {
    abortSignal.throwIfAborted();
    // Who may look at one crawler may not be allowed to list them all: what is missing is said all the same.
    return 'See which there are: aws glue list-crawlers';
  }
  return whichThereAre(name, names);
}
