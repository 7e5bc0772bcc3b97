// The command tree: one file a noun in nouns/. What a command does is loaded only when it is run.
import { Command } from 'commander';
import { addGlobalOptions } from './global-options.js';
import { addCatalog } from './nouns/catalog.js';
import { addCompletion } from './nouns/completion.js';
import { addCrawl } from './nouns/crawl.js';
import { addDemo } from './nouns/demo.js';
import { addDynamodb } from './nouns/dynamodb.js';
import { addHelp } from './nouns/help.js';
import { addIngest } from './nouns/ingest.js';
import { addLambda } from './nouns/lambda.js';
import { addLaunch } from './nouns/launch.js';
import { addLocal } from './nouns/local.js';
import { addStack } from './nouns/stack.js';
import { addUp } from './nouns/up.js';
import type { Runner } from './runner.js';
import { readVersion } from './version.js';

export function createProgram(run: Runner): Command {
  const program = new Command('gluepot')
    .description('A toolkit for AWS Glue, and an AWS Glue of your own to use it on')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', HELP);
  addGlobalOptions(program);
  addDemo(program, run);
  addUp(program, run);
  addStack(program, run);
  addCatalog(program, run);
  addCrawl(program, run);
  addDynamodb(program, run);
  addIngest(program, run);
  addLaunch(program, run);
  addLambda(program, run);
  addLocal(program, run);
  addCompletion(program, run);
  addHelp(program);
  return program;
}

const HELP = `
Examples:
  gluepot demo                              provision, crawl and convert two data sets, and show what came out
  gluepot up --port 4566                    serve Glue, S3, Athena and what stands around them on one port
  gluepot stack plan pipeline.yaml          what would change
  gluepot stack apply pipeline.yaml --yes   make it so, and run it
  gluepot --target aws stack plan pipeline.yaml
  gluepot catalog snapshot create           keep a copy of the catalog; diff, restore and prune go with it
  gluepot crawl undo NAME                   take back what a crawl did, by a plan
  gluepot dynamodb apply --yes              a crawler and a least-privilege role for every DynamoDB table
  gluepot launch evaluate launch.yaml       would the job be started now, and why not
  gluepot ingest run ingest.yaml            every table of a database to Parquet, what is new only
  gluepot local backup ../kept              copy the data directory, with checksums

Exit codes: 0 done, 1 failed, 2 changes present (--detailed-exitcode), 3 usage, 4 partly applied, 5 conflict,
6 refused, 7 not permitted, 8 timed out, 130 interrupted`;
