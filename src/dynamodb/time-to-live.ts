// Time to live: which attribute of a table's items says when they expire, and the sweep that deletes those that did.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { TimeToLiveDescription, TimeToLiveSpecification } from '@aws-sdk/client-dynamodb';
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { StoreContext } from './action-store.js';
import type { Item } from './attribute-value.js';
import { dynaliteKeys } from './dynalite.js';
import { tableItems } from './table-items.js';

export interface TimeToLive {
  describe(table: string): TimeToLiveDescription;
  /** @throws AwsError ValidationException when it is so already, or another attribute is in use */
  update(table: string, specification: TimeToLiveSpecification): void;
  /** Ends the sweeps. */
  close(): void;
}

/** AWS deletes "within a few days"; nobody here wants to wait for that. */
const SWEEP_MS = 60_000;

/** AWS docs: an item that expired more than five years ago is left alone, for its attribute may be something else. */
const OLDEST_SECONDS = 5 * 365 * 24 * 3600;

/** Items between two turns for others. */
const TURN_COUNT = 500;

/** `context` finds tables; their names are of tables that are there. */
export function openTimeToLive(
  state: State,
  context: StoreContext,
  { clock, log }: { clock: Clock; log: Log },
): TimeToLive {
  let isClosed = false;
  let cancelAlarm: (() => void) | undefined;

  const attributes = (): Map<string, string> => {
    const rows = state
      .sql(
        "SELECT name, settings ->> 'ttlAttribute' AS attribute FROM dynamodb_tables WHERE attribute IS NOT NULL",
      )
      .all() as { name: string; attribute: string }[];
    return new Map(rows.map(({ name, attribute }) => [name, attribute]));
  };

  const sweepTable = async (name: string, attribute: string): Promise<void> => {
    const table = context.requireTable(name);
    const keyOf = (item: Item) => dynaliteKeys().createKey(item, table);
    const isExpired = (item: Item | undefined) => {
      const value = item?.[attribute];
      const seconds = value && 'N' in value ? Number(value.N) : NaN;
      const nowSeconds = clock.now().getTime() / 1000;
      return seconds <= nowSeconds && seconds > nowSeconds - OLDEST_SECONDS;
    };
    let seenCount = 0;
    let expired: string[] = [];
    const deleteExpired = () => {
      if (expired.length === 0) return;
      state.transaction(() => {
        const items = tableItems(context.collections, name, context.requireTable(name));
        // It may have been given more time since it was seen.
        for (const key of expired) if (isExpired(items.get(key))) items.delete(key);
      });
      expired = [];
    };
    for (const item of context.collections.open(name, '').values()) {
      if (isExpired(item)) expired.push(keyOf(item));
      if (++seenCount % TURN_COUNT > 0) continue;
      deleteExpired();
      await yieldToOthers();
      if (isClosed) return;
    }
    deleteExpired();
  };

  const sweep = async () => {
    for (const [name, attribute] of attributes()) {
      if (isClosed) return;
      try {
        await sweepTable(name, attribute);
      } catch (error) {
        // Deleted meanwhile, or the disk is full: the next sweep sees.
        log('warn', 'Expired items could not be deleted', { table: name, error: messageOf(error) });
      }
    }
  };
  const setNext = () => {
    if (isClosed || cancelAlarm || attributes().size === 0) return;
    cancelAlarm = setAlarm(clock, new Date(clock.now().getTime() + SWEEP_MS), () => {
      void sweep().finally(() => {
        cancelAlarm = undefined;
        setNext();
      });
    });
  };
  setNext();

  return {
    describe(table) {
      const attribute = attributes().get(table);
      return attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
    },
    update(table, { Enabled, AttributeName }) {
      const current = attributes().get(table);
      const refuse = (why: string) => {
        throw new AwsError('ValidationException', why);
      };
      if (current !== undefined && current !== AttributeName) {
        refuse(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
      }
      if (Enabled === (current !== undefined)) {
        refuse(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
      }
      const settings = JSON.stringify(Enabled ? { ttlAttribute: AttributeName } : {});
      state.sql('UPDATE dynamodb_tables SET settings = ? WHERE name = ?').run(settings, table);
      setNext();
    },
    close() {
      isClosed = true;
      cancelAlarm?.();
    },
  };
}
