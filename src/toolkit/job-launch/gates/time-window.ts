// A part of the day in which a job may start.
import type { GateSpec } from '../spec.js';
import type { GateResult } from './gate.js';

type WindowSpec = NonNullable<GateSpec['timeWindow']>;

/** `from` is in the window, `to` is not; when both are the same it is the whole day. */
export function decideTimeWindow({ from, to, timeZone }: WindowSpec, now: Date): GateResult {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const time = format.format(now);
  const isOpen = from < to ? from <= time && time < to : from <= time || time < to;
  const message = `It is ${time} in ${timeZone}; the window is from ${from} to ${to}.`;
  return isOpen
    ? { gate: 'timeWindow', verdict: 'pass', reason: 'in-window', message }
    : { gate: 'timeWindow', verdict: 'wait', reason: 'outside-window', message };
}
