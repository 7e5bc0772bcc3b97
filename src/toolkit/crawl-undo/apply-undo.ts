// Carries out an undo or a redo: a snapshot first, always, then the plan with a journal beside it.
import type { AwsClients } from '../../aws/aws-clients.js';
import type { Clock } from '../../base/clock.js';
import {
  applyPlan,
  requireHome,
  requirePlan,
  type ApplyPlanOptions,
  type ApplyReport,
  type DocumentStore,
  type Plan,
} from '../../change/index.js';
import { findCatalogHome } from '../../change/snapshot/index.js';
import { backingUp } from './back-up.js';
import { namingCrawls } from './crawls-meanwhile.js';

export interface ApplyUndoOptions extends Pick<
  ApplyPlanOptions,
  'onEvent' | 'onJournal' | 'concurrency' | 'onConflict' | 'waitMs' | 'onWait'
> {
  /** Of the program, kept in the snapshot. */
  version: string;
  /** Column statistics of tables that go or come: a call a table; `tables` when not given. */
  statistics?: 'none' | 'tables' | undefined;
  signal: AbortSignal;
  clock?: Clock;
}

export interface UndoReport extends ApplyReport {
  /** The tables that the plan touches, right before. */
  snapshotId: string;
}

/** @throws GluepotError `conflict` when the catalog has moved since the plan was made, `usage` for a plan of another account,
 *   `guard-refused` while another apply is at work on one of its databases; PartialApplyError
 */
export async function applyUndo(
  clients: Pick<AwsClients, 'glue' | 's3' | 'sts'>,
  store: DocumentStore,
  plan: Plan,
  { version, statistics = 'tables', signal, clock, ...options }: ApplyUndoOptions,
): Promise<UndoReport> {
  const timed = clock ? { clock } : {};
  requirePlan(plan);
  const { CatalogId } = plan;
  const home = await findCatalogHome(clients, { signal, CatalogId });
  requireHome(plan, home);
  let snapshotId = '';
  const firstLook = backingUp(plan, {
    ...{ home, store, statistics, ...timed },
    tool: { name: 'gluepot', version },
    onTaken: (id) => void (snapshotId = id),
  });
  const access = { glue: clients.glue, CatalogId };
  const report = await namingCrawls({ ...access, ...timed, signal }, plan, () =>
    applyPlan(access, plan, {
      ...options,
      ...timed,
      ...{ signal, journal: store, firstLook, snapshotId: () => snapshotId },
    }),
  );
  return { ...report, snapshotId };
}
