// --resume and --rollback: ends what was cut short, one way or the other.
import {
  databasesOf,
  isActing,
  openJournal,
  requireHome,
  resumeApply,
  rollBackApply,
  type ApplyReport,
  type Journal,
  type Plan,
} from '../change/index.js';
import { findCatalogHome } from '../toolkit/catalog-snapshot/index.js';
import { namingCrawls } from '../toolkit/crawl-undo/index.js';
import type { ChangeOptions } from './change-options.js';
import type { CommandContext } from './command.js';
import { confirm } from './confirm.js';
import { countText } from './count-text.js';
import { journalAdvice, withJournalAdvice } from './journal-advice.js';
import type { Outcome } from './output.js';
import { requireQuietDatabases, waitForOthers } from './quiet-databases.js';
import { requireMeant, type PlanMeant } from './saved-plan.js';
import type { SnapshotSession } from './snapshot-session.js';
import { tellShortcomings, tellShortcomingsOf } from './tell-shortcomings.js';

/**
 * Undefined when neither is asked for.
 * @param afterwards done when all is read back; what it answers is told with the report
 * @throws GluepotError `usage` for a journal that is not there or not of what is meant, and as `resumeApply` and `rollBackApply`
 */
export async function endJournal(
  context: CommandContext,
  { connection: { clients, clock }, store, calls }: SnapshotSession,
  given: ChangeOptions,
  meant: PlanMeant,
  afterwards: (plan: Plan, report: ApplyReport) => Promise<object> = () => Promise.resolve({}),
): Promise<Outcome | undefined> {
  const { options, output, signal, leaves } = context;
  const { resume, rollback, onConflict, yes = false } = given;
  const journalId = resume ?? rollback;
  if (journalId === undefined) return undefined;
  leaves(`Nothing was done, and journal ${journalId} is as it was.`);
  const journal = await calls.during(output.progress, 'read the journal', () =>
    openJournal(store, journalId),
  );
  requireMeant(journal.plan, meant, `Journal ${journalId}`);
  const { CatalogId } = journal.plan;
  requireHome(journal.plan, await findCatalogHome(clients, { signal, CatalogId }));
  output.print(`Journal ${journalId}: ${progressOf(journal)}`);
  const verb = resume === undefined ? 'Roll back' : 'Resume';
  await confirm(`${verb} it?`, { isYes: yes, signal });
  await requireQuietDatabases(context, clients, given, databasesOf(journal.plan));
  const act = resume === undefined ? rollBackApply : resumeApply;
  const place = { options, given, operation: journal.plan.subject.operation };
  const op = resume === undefined ? 'rollback' : 'apply';
  leaves(`Journal ${journalId} tells what was done: ${journalAdvice(place, journalId, op)}`);
  const report = await calls
    .during(output.progress, verb.toLowerCase(), (at) =>
      namingCrawls({ glue: clients.glue, signal, clock }, journal.plan, () =>
        act({ glue: clients.glue, CatalogId }, store, journalId, {
          ...{ signal, onConflict, clock },
          ...waitForOthers(context, given),
          onEvent: ({ done, total }) => at(`${done} of ${total}`),
        }),
      ),
    )
    .catch((error: unknown) => {
      tellShortcomingsOf(error, output);
      throw withJournalAdvice(error, place, op);
    });
  for (const line of report.notRestored) output.warn(line);
  const after = await afterwards(journal.plan, report);
  tellShortcomings(report, output);
  const { length: left } = report.conflicts;
  output.print(
    `${verb} of ${journalId}: ${report.applied} made, ${report.alreadySo} were so already; read back and verified.` +
      (left === 0 ? '' : ` Left as somebody else made it: ${countText(left, 'object')}.`),
  );
  return { result: { report: { ...report, ...after } } };
}

function progressOf({ plan: { subject, changes, createdAt }, history }: Journal): string {
  const total = changes.filter(isActing).length;
  const done = history.doneCount('apply');
  return `a ${subject.operation} planned at ${createdAt}, ${done} of ${total} changes are written down as made.`;
}
