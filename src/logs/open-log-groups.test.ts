// The log store against a state file in memory.
import { beforeEach, describe, expect, it } from 'vitest';
import { steppingClock, type Clock } from '../base/clock.js';
import { openState } from '../state/state.js';
import { EVENT_OVERHEAD_BYTES, MESSAGE_BYTES_MAX, STREAM_EVENTS_MAX } from './log-event.js';
import { openLogGroups, type LogStore } from './open-log-groups.js';
import { logsSchema } from './schema.js';

let clock: Clock;
let logs: LogStore;

beforeEach(() => {
  clock = steppingClock(new Date('2024-05-01T00:00:00Z'));
  logs = openLogGroups(openState(':memory:', [logsSchema]), { clock });
});

const lines = (...messages: string[]) =>
  messages.map((message, index) => ({ timestamp: 1000 + index, message }));

describe('a log stream', () => {
  it('is made with its group when something is appended', () => {
    logs.append('/aws-glue/crawlers', 'nightly', lines('one', 'two'));
    expect(logs.read('/aws-glue/crawlers', 'nightly')).toEqual({ events: lines('one', 'two'), next: 2 });
    expect(logs.groups.list({ count: 10 }).map((group) => group.name)).toEqual(['/aws-glue/crawlers']);
  });

  it('is read on from the position of the last event', () => {
    logs.append('g', 's', lines('one', 'two', 'three'));
    const first = logs.read('g', 's', { count: 2 });
    expect(first).toEqual({ events: lines('one', 'two'), next: 2 });
    expect(
      logs.read('g', 's', { after: first.next!, count: 2 }).events.map((event) => event.message),
    ).toEqual(['three']);
    expect(logs.read('g', 's', { after: 3 })).toEqual({ events: [] });
  });

  it('keeps the newest events, and counts the bytes of just those', () => {
    logs.append('g', 's', lines('first', 'second'));
    const many = Array.from({ length: STREAM_EVENTS_MAX - 1 }, (_, index) => ({
      timestamp: index,
      message: 'x',
    }));
    logs.append('g', 's', many);
    const kept = logs.read('g', 's').events;
    expect(kept).toHaveLength(STREAM_EVENTS_MAX);
    expect(kept[0]!.message).toBe('second');
    expect(logs.groups.get('g').storedBytes).toBe(
      'second'.length + many.length + STREAM_EVENTS_MAX * EVENT_OVERHEAD_BYTES,
    );
  });

  it('keeps the newest of one append that is larger than the stream may be', () => {
    const many = Array.from({ length: STREAM_EVENTS_MAX + 5 }, (_, index) => ({
      timestamp: index,
      message: `${index}`,
    }));
    logs.append('g', 's', many);
    const { events, next } = logs.read('g', 's');
    expect([events.length, events[0]!.message, next]).toEqual([
      STREAM_EVENTS_MAX,
      '5',
      STREAM_EVENTS_MAX + 5,
    ]);
  });

  it('cuts a message that is too long between characters', () => {
    logs.append('g', 's', [{ timestamp: 1, message: 'é'.repeat(MESSAGE_BYTES_MAX) + 'x' }]);
    logs.append('g', 's', [{ timestamp: 1, message: 'a' + 'é'.repeat(MESSAGE_BYTES_MAX) }]);
    const [even, odd] = logs.read('g', 's').events;
    expect(even!.message).toBe('é'.repeat(MESSAGE_BYTES_MAX / 2));
    expect(odd!.message).toBe('a' + 'é'.repeat(MESSAGE_BYTES_MAX / 2 - 1));
  });

  it('remembers its first and last event and the time of arrival', async () => {
    logs.append('g', 's', [{ timestamp: 500, message: 'b' }]);
    await clock.sleep(2000);
    logs.append('g', 's', [{ timestamp: 300, message: 'a' }]);
    expect(logs.streams.get('g', 's')).toMatchObject({
      firstEvent: new Date(300),
      lastEvent: new Date(500),
      lastIngestion: new Date('2024-05-01T00:00:02Z'),
    });
  });

  it('goes with its group', () => {
    logs.append('g', 's', lines('one'));
    logs.groups.delete('g');
    expect(() => logs.read('g', 's')).toThrow('The specified log group does not exist.');
    logs.append('g', 's', lines('new'));
    expect(logs.read('g', 's')).toEqual({ events: lines('new'), next: 1 });
  });
});

describe('names', () => {
  it('of groups and streams that are not there are told apart', () => {
    expect(() => logs.read('g', 's')).toThrow('The specified log group does not exist.');
    logs.groups.create('g');
    expect(() => logs.read('g', 's')).toThrow('The specified log stream does not exist.');
    expect(() => logs.groups.delete('other')).toThrow('The specified log group does not exist.');
  });

  it('are taken once', () => {
    logs.groups.create('g');
    logs.streams.create('g', 's');
    expect(() => logs.groups.create('g')).toThrow('The specified log group already exists');
    expect(() => logs.streams.create('g', 's')).toThrow('The specified log stream already exists');
  });

  it('with percent signs and underscores are matched as they are', () => {
    for (const name of ['a_b', 'axb', 'a%b', 'A_B']) logs.groups.create(name);
    const names = (options: { prefix?: string; pattern?: string }) =>
      logs.groups.list({ ...options, count: 10 }).map((group) => group.name);
    expect(names({ prefix: 'a_' })).toEqual(['a_b']);
    expect(names({ pattern: '_b' })).toEqual(['A_B', 'a_b']);
  });
});
