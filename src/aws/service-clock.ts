// The time as a service tells it: the clock of this machine may be hours off, and times in a catalog are the service's.
import type { GlueClient } from '@aws-sdk/client-glue';
import { systemClock, type Clock } from '../base/clock.js';

/** What the header Date cannot tell: it has whole seconds, cut off. */
const SECOND_MS = 1000;

/**
 * A clock that goes by the header Date of what the clients are answered; by the machine's until the first answer, and while the
 * two are no more than a second apart. Each answer bounds the difference; where the bounds of two exclude each other, one of
 * the clocks was set meanwhile.
 */
export function serviceClock(
  clients: readonly Pick<GlueClient, 'middlewareStack'>[],
  machine: Clock = systemClock,
): Clock {
  let ahead = { leastMs: -Infinity, mostMs: Infinity };
  const learn = (dateMs: number, sentMs: number, receivedMs: number) => {
    const told = { leastMs: dateMs - receivedMs, mostMs: dateMs + SECOND_MS - sentMs };
    const both = {
      leastMs: Math.max(ahead.leastMs, told.leastMs),
      mostMs: Math.min(ahead.mostMs, told.mostMs),
    };
    ahead = both.leastMs <= both.mostMs ? both : told;
  };
  for (const { middlewareStack } of clients) {
    middlewareStack.add(
      (next) => async (args) => {
        const sent = machine.now().getTime();
        const result = await next(args);
        const date = Date.parse(dateHeader(result.response) ?? '');
        if (!Number.isNaN(date)) learn(date, sent, machine.now().getTime());
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'serviceClock', override: true },
    );
  }
  const aheadMs = () =>
    ahead.leastMs > SECOND_MS || ahead.mostMs < -SECOND_MS ? (ahead.leastMs + ahead.mostMs) / 2 : 0;
  return {
    ...machine,
    now: () => new Date(machine.now().getTime() + aheadMs()),
    uncertaintyMs() {
      const offMs = Math.max(ahead.mostMs - aheadMs(), aheadMs() - ahead.leastMs);
      // Of services that tell no time nothing is known.
      return Number.isFinite(offMs) ? offMs : 0;
    },
  };
}

function dateHeader(response: unknown): string | undefined {
  return (response as { headers?: Record<string, string> } | undefined)?.headers?.['date'];
}
