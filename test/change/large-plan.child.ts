// Makes a plan of so many partitions, keeps it in a journal, opens that, and looks at every change, in as little memory as it is given.
// large-plan.child.ts FOLDER COUNT prints how many changes there are, and whether the plan's hash is the same before and after.
import { S3 } from '@aws-sdk/client-s3';
import { openDocumentStore, openPlan, type Definition } from '../../src/change/index.js';
import { createJournal, openJournal } from '../../src/change/journal/journal.js';

const [folder = '', countText = ''] = process.argv.slice(2);
const of = { DatabaseName: 'lake', TableName: 'events' };

/** As crawlers write them, with what differs from one to the next. */
function partition(day: string): Definition {
  const Columns = Array.from({ length: 20 }, (_, index) => ({
    ...{ Name: `measure_${index}`, Type: 'bigint', Comment: `Measure number ${index}` },
  }));
  return {
    Values: [day],
    Parameters: { recordCount: day, sizeKey: `${day}00`, averageRecordSize: '20' },
    StorageDescriptor: { Columns, Location: `s3://lake/events/day=${day}/` },
  };
}

const builder = openPlan();
for (let index = 0; index < Number(countText); index++) {
  // In an order of its own, as no catalog promises one.
  const day = String((index * 7919) % Number(countText));
  const key = { kind: 'partition' as const, ...of, Values: [day] };
  builder.add({ action: 'delete', key, current: partition(day), reason: 'It goes.', evidence: [] });
}
const subject = { operation: 'crawl-undo' as const, resolved: {} };
const plan = builder.build({ accountId: '123456789012', region: 'us-east-1', subject });
const store = openDocumentStore(folder, { s3: new S3({ region: 'us-east-1' }) });
await createJournal(store, 'large', plan);
const { plan: kept } = await openJournal(store, 'large');
let named = 0;
for (const { key, current } of kept.changes) {
  if (key.kind === 'partition' && current !== undefined && 'Values' in current) named++;
}
console.log(JSON.stringify({ named, isSame: kept.planHash === plan.planHash }));
