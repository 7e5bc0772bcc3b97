// Plans and applies, in a process of its own, the undo of a crawl that made all partitions of a database's table since an instant.
// undo-once.mjs ENDPOINT DATABASE SINCE STORE prints what it did and what it took, as JSON.
import '../bin/process-settings.cjs';
import { Glue } from '@aws-sdk/client-glue';
import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { countingClient } from '../dist/change/counting-client.js';
import { openDocumentStore } from '../dist/change/index.js';
import { applyUndo, planUndo } from '../dist/toolkit/crawl-undo/index.js';
import { findCatalogHome } from '../dist/toolkit/catalog-snapshot/index.js';

const [endpoint, DatabaseName, since, storeFolder] = process.argv.slice(2);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const config = { endpoint, region: 'us-east-1', credentials };
const { glue, calls } = countingClient(new Glue(config));
const clients = { glue, s3: new S3(config), sts: new STS(config) };

const crawl = {
  ...{ crawlId: undefined, crawlerName: 'crawler', state: 'COMPLETED' },
  ...{ start: new Date(since), end: undefined, summary: undefined },
};
const found = { crawlerName: 'crawler', DatabaseName, crawls: [crawl] };
const store = openDocumentStore(storeFolder, clients);
const home = await findCatalogHome(clients);
const { plan } = await planUndo({ glue }, home, { found, around: { before: [], after: [] } });
const signal = globalThis.AbortSignal.timeout(3600_000);
const report = await applyUndo(clients, store, plan, { version: 'bench', signal });
console.log(
  JSON.stringify({
    deleted: report.applied,
    isVerified: report.verified,
    calls: calls.count,
    residentMB: process.resourceUsage().maxRSS / 1024,
  }),
);
