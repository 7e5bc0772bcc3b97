// What a launch remembers, as documents written on conditions: claims of events, the lease, and a record of each run.
import { createHash } from 'node:crypto';
import type { TableInput } from '@aws-sdk/client-glue';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { decodeDefinition, encodeDefinition } from '../../change/canonical-definition.js';
import type { DocumentStore } from '../../change/document-store.js';
import type { ManifestObject } from './clear-prefixes.js';
import type { GateResult } from './gates/gate.js';
import type { TableName, TableSwap } from './tables/build-tables.js';

export interface Claim {
  eventId: string;
  /** ISO 8601. */
  at: string;
  /** Missing while it is worked on. */
  outcome?: string;
}

/**
 * `gates` to `starting` end by themselves when `expiresAt` is over: their launcher has died. `running` ends with the run.
 * The token grows with every launch.
 */
export interface Lease {
  phase: 'free' | 'gates' | 'preparing' | 'clearing' | 'starting' | 'running';
  token: number;
  runKey: string;
  expiresAt: string;
  runId?: string;
  /** When the last run was started, ISO 8601: what had ended by then is what that run has read. */
  startedAt?: string;
}

/** Whether a launcher is at it, or was when it died. */
export const isLaunching = ({ phase }: Lease) => phase !== 'free' && phase !== 'running';

export interface LaunchRecord {
  runKey: string;
  runId: string;
  fencingToken: number;
  startedAt: string;
  eventId?: string;
  /** The event asked for it, and requirements of Batch were passed unseen. */
  isBatchIgnored: boolean;
  gates: GateResult[];
  arguments: Record<string, string>;
  clearedCount: number;
  /** Tables that were redefined, as `database.table`. */
  tables: string[];
}

/** What a launch makes of tables: written before it makes them, and again before it puts them into their places. */
export interface TableManifest {
  built: TableName[];
  swaps: TableSwap[];
}

export interface Stored<Content> {
  content: Content;
  ETag: string;
}

export interface LaunchRecords {
  readonly location: string;
  /** Undefined when somebody else has claimed the event, and has an outcome or is at it since less than `staleMs`. */
  claim(eventId: string, now: Date, staleMs: number): Promise<Stored<Claim> | undefined>;
  settleClaim(claim: Stored<Claim>, outcome: string): Promise<void>;
  /**
   * Removes claims of events so old that AWS delivers them no more, so many at a time.
   * @returns how many
   */
  expireClaims(now: Date): Promise<number>;
  lease(): Promise<Stored<Lease> | undefined>;
  /** @throws GluepotError `conflict` when the lease is not `previous` any more */
  putLease(lease: Lease, previous: Stored<Lease> | undefined): Promise<Stored<Lease>>;
  putRecord(record: LaunchRecord): Promise<void>;
  /** Newest first. */
  records(limit: number): Promise<LaunchRecord[]>;
  putManifest(runKey: string, objects: readonly ManifestObject[]): Promise<void>;
  manifest(runKey: string): Promise<ManifestObject[] | undefined>;
  putTables(runKey: string, manifest: TableManifest): Promise<void>;
  tables(runKey: string): Promise<TableManifest | undefined>;
}

const LEASE = 'lease.json';
const CLAIMS = 'claims/';
/** AWS docs: a queue of undelivered events keeps them for 14 days at most, and somebody may send them again from there. */
const CLAIM_KEPT_MS = 15 * 86_400_000;
const CLAIMS_EXPIRED_MAX = 1000;
const CONCURRENCY = 8;

export function openLaunchRecords(store: DocumentStore): LaunchRecords {
  const read = async <Content>(name: string): Promise<Stored<Content> | undefined> => {
    const found = await store.get(name);
    if (!found) return undefined;
    try {
      return { content: JSON.parse(Buffer.from(found.bytes).toString('utf8')) as Content, ETag: found.ETag };
    } catch (error) {
      throw new GluepotError(
        'failed',
        `${store.location}/${name} is no JSON, so nothing is launched. Restore it, or delete it when it is known what it said.`,
        { cause: error },
      );
    }
  };
  const write = async <Content>(
    name: string,
    content: Content,
    condition: { ifAbsent?: boolean; ifMatch?: string },
  ) => {
    const { ETag } = await store.put(name, Buffer.from(JSON.stringify(content, undefined, 2)), condition);
    return { content, ETag };
  };
  /** Undefined when the condition does not hold. */
  const tryWrite = async <Content>(...parameters: Parameters<typeof write<Content>>) => {
    try {
      return await write<Content>(...parameters);
    } catch (error) {
      if (error instanceof GluepotError && error.kind === 'conflict') return undefined;
      throw error;
    }
  };

  return {
    location: store.location,
    async claim(eventId, now, staleMs) {
      const name = claimName(eventId);
      const claim: Claim = { eventId, at: now.toISOString() };
      const own = await tryWrite(name, claim, { ifAbsent: true });
      if (own) return own;
      const known = await read<Claim>(name);
      if (!known || known.content.outcome !== undefined) return undefined;
      if (now.getTime() - Date.parse(known.content.at) < staleMs) return undefined;
      return tryWrite(name, claim, { ifMatch: known.ETag });
    },
    async settleClaim({ content, ETag }, outcome) {
      await tryWrite(claimName(content.eventId), { ...content, outcome }, { ifMatch: ETag });
    },
    async expireClaims(now) {
      const expired: string[] = [];
      for await (const { name, lastModified } of store.list(CLAIMS)) {
        if (now.getTime() - lastModified.getTime() > CLAIM_KEPT_MS) expired.push(name);
        if (expired.length === CLAIMS_EXPIRED_MAX) break;
      }
      await mapConcurrently(expired, CONCURRENCY, (name) => store.delete(name));
      return expired.length;
    },
    lease: () => read<Lease>(LEASE),
    putLease: (lease, previous) =>
      write(LEASE, lease, previous ? { ifMatch: previous.ETag } : { ifAbsent: true }),
    async putRecord(record) {
      await write(`runs/${record.runKey}.json`, record, {});
    },
    async records(limit) {
      const names: string[] = [];
      for await (const { name } of store.list('runs/')) names.push(name);
      const newest = names.reverse().slice(0, limit);
      const found = await Promise.all(newest.map((name) => read<LaunchRecord>(name)));
      return found.flatMap((record) => (record ? [record.content] : []));
    },
    async putManifest(runKey, objects) {
      await write(`trash/${runKey}.json`, objects, { ifAbsent: true });
    },
    manifest: async (runKey) => (await read<ManifestObject[]>(`trash/${runKey}.json`))?.content,
    async putTables(runKey, { built, swaps }) {
      const encode = (table: TableInput | undefined) => table && encodeDefinition('table', table);
      const encoded = swaps.map((swap) => ({
        ...swap,
        before: encode(swap.before),
        after: encode(swap.after),
      }));
      await write(`tables/${runKey}.json`, { built, swaps: encoded }, {});
    },
    async tables(runKey) {
      const found = (await read<TableManifest>(`tables/${runKey}.json`))?.content;
      const swaps = found?.swaps.map((swap) => ({
        ...swap,
        before: swap.before && decodeDefinition('table', swap.before),
        after: decodeDefinition('table', swap.after),
      }));
      return found && { ...found, swaps: swaps ?? [] };
    },
  };
}

/** Ids of events that people make up may have any character. */
function claimName(eventId: string): string {
  return `${CLAIMS}${createHash('sha256').update(eventId).digest('hex')}.json`;
}
