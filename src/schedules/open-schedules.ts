// EventBridge Scheduler's own work: schedules fire when the clock says so, and what their targets are to get goes to the outbox.
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import type { Execution } from '../events/delivery.js';
import { setFiring } from '../events/firing.js';
import type { Outbox } from '../events/outbox.js';
import { universalOperation } from '../events/send-to-target.js';
import { openDocuments, type Documents } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { deliveryTarget } from './schedule-target.js';
import { DEFAULT_GROUP, nextTime, type StoredGroup, type StoredSchedule } from './schedule.js';

export interface Schedules {
  groups: Documents<StoredGroup>;
  groupArn(group: string): string;
  scheduleArn(schedule: Pick<StoredSchedule, 'group' | 'name'>): string;
  /** @throws AwsError ResourceNotFoundException */
  requireGroup(name: string): string;
  /** @throws AwsError ResourceNotFoundException */
  get(group: string, name: string): StoredSchedule;
  find(group: string, name: string): StoredSchedule | undefined;
  /** All of one group, or of all groups; in order of groups, then of names. */
  list(group?: string): StoredSchedule[];
  put(schedule: StoredSchedule): void;
  delete(schedule: Pick<StoredSchedule, 'group' | 'name'>): void;
  /** Fires what should have been fired once while nobody served. Opening a data directory starts no work by itself. */
  resume(): void;
  /** With all its schedules. */
  deleteGroup(name: string): void;
  close(): void;
}

export interface SchedulesOptions {
  clock: Clock;
  ids: Ids;
  log: Log;
  accountId: string;
  region: string;
  outbox: Pick<Outbox, 'add'>;
}

/** `state` must have been opened with documentsSchema and eventsSchema. */
export function openSchedules(
  state: State,
  { clock, ids, log, accountId, region, outbox }: SchedulesOptions,
): Schedules {
  const schedules = openDocuments<StoredSchedule>(state, 'schedule');
  const groups = openDocuments<StoredGroup>(state, 'schedule-group');
  const alarms = new Map<string, () => void>();

  const arn = (path: string) => `arn:aws:scheduler:${region}:${accountId}:${path}`;
  const keyOf = ({ group, name }: Pick<StoredSchedule, 'group' | 'name'>) => `${group}/${name}`;
  const scheduleArn = (schedule: Pick<StoredSchedule, 'group' | 'name'>) =>
    arn(`schedule/${keyOf(schedule)}`);
  const clear = (key: string) => {
    alarms.get(key)?.();
    alarms.delete(key);
  };

  const complete = (schedule: StoredSchedule) => {
    if (schedule.action === 'DELETE') schedules.delete(keyOf(schedule));
    else schedules.put(keyOf(schedule), { ...schedule, isCompleted: true });
  };

  /** @param after the time that the schedule has fired for, or from which on it counts */
  const wait = (schedule: StoredSchedule, after: Date) => {
    const key = keyOf(schedule);
    clear(key);
    if (!schedule.isEnabled || schedule.isCompleted) return;
    const due = nextTime(schedule, after);
    if (!due) {
      complete(schedule);
      return;
    }
    const at = new Date(due.getTime() + windowDelayMs(schedule));
    alarms.set(
      key,
      setFiring({ clock, log }, `schedule ${key}`, at, () => fire(key, due)),
    );
  };

  const fire = (key: string, due: Date) => {
    const schedule = schedules.get(key);
    if (!schedule) return;
    const execution = { id: ids.uuid(), scheduledTime: `${due.toISOString().slice(0, 19)}Z` };
    state.transaction(() => {
      outbox.add({
        sourceArn: scheduleArn(schedule),
        target: { ...deliveryTarget(schedule.target), execution },
        payload: payloadOf(schedule, execution),
      });
      if (/^at\(/.test(schedule.expression.trim())) complete(schedule);
    });
    const kept = schedules.get(key);
    // What a machine has slept through is not made up for.
    const earliestMs = clock.now().getTime() - windowMs(schedule);
    if (kept) wait(kept, new Date(Math.max(due.getTime(), earliestMs)));
  };

  /** Evenly over the window: FLEXIBLE says within how many minutes. */
  const windowDelayMs = (schedule: StoredSchedule) => {
    const lengthMs = windowMs(schedule);
    return lengthMs === 0 ? 0 : Math.floor((parseInt(ids.hex(4), 16) / 2 ** 32) * lengthMs);
  };

  /** AWS docs: "Adding context attributes"; without an Input the target gets an event of the schedule. */
  const payloadOf = (schedule: StoredSchedule, { id, scheduledTime: time }: Execution): string => {
    const { Input, Arn = '' } = schedule.target;
    const context: Record<string, string> = {
      'schedule-arn': scheduleArn(schedule),
      'scheduled-time': time,
      'execution-id': id,
    };
    if (Input !== undefined) {
      return Input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (text, name: string) => context[name] ?? text);
    }
    if (universalOperation(Arn)) return '{}';
    return JSON.stringify({
      version: '0',
      id,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: accountId,
      time,
      region,
      resources: [scheduleArn(schedule)],
      detail: '{}',
    });
  };

  const remove = (key: string) => {
    clear(key);
    schedules.delete(key);
  };
  const isOverdue = (schedule: StoredSchedule) => {
    const due = nextTime(schedule, clock.now());
    return due !== undefined && due <= clock.now();
  };
  for (const { document } of schedules.list()) {
    if (!isOverdue(document)) wait(document, clock.now());
  }

  return {
    groups,
    groupArn: (group) => arn(`schedule-group/${group}`),
    scheduleArn,
    requireGroup(name) {
      if (name === DEFAULT_GROUP || groups.get(name)) return name;
      throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
    },
    get(group, name) {
      const schedule = schedules.get(keyOf({ group, name }));
      if (schedule) return schedule;
      throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`);
    },
    find: (group, name) => schedules.get(keyOf({ group, name })),
    list: (group) =>
      schedules.list(group === undefined ? {} : { prefix: `${group}/` }).map(({ document }) => document),
    put(schedule) {
      const isNew = schedules.get(keyOf(schedule)) === undefined;
      schedules.put(keyOf(schedule), schedule);
      // A new rate's first time is its start itself.
      wait(schedule, isNew ? new Date(schedule.created.getTime() - 1) : clock.now());
    },
    delete: (schedule) => remove(keyOf(schedule)),
    resume() {
      for (const { key, document } of schedules.list()) {
        if (!alarms.has(key)) wait(document, clock.now());
      }
    },
    deleteGroup(name) {
      state.transaction(() => {
        for (const { key } of schedules.list({ prefix: `${name}/` })) remove(key);
        groups.delete(name);
      });
    },
    close: () => [...alarms.keys()].forEach(clear),
  };
}

function windowMs({ window }: StoredSchedule): number {
  return window.Mode === 'FLEXIBLE' ? (window.MaximumWindowInMinutes ?? 0) * 60_000 : 0;
}
