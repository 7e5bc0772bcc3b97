// Load in a closed loop: every connection sends its next request when it has its answer.

export interface Load {
  /** Requests answered a second. */
  perSecond: number;
  latenciesMs: number[];
}

/** Sends requests over so many connections for so long; `send` gets a number that grows by one with every request. */
export async function load(
  { connections, durationMs }: { connections: number; durationMs: number },
  send: (index: number) => Promise<unknown>,
): Promise<Load> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  const end = start + durationMs;
  let index = 0;
  const connection = async () => {
    for (let sentAt = performance.now(); sentAt < end; sentAt = performance.now()) {
      await send(index++);
      latenciesMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return { perSecond: (latenciesMs.length * 1000) / (performance.now() - start), latenciesMs };
}

/** Sends `count` requests over so many connections, and answers the milliseconds it took. */
export async function sendAll(
  { connections, count }: { connections: number; count: number },
  send: (index: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let index = 0;
  const connection = async () => {
    while (index < count) await send(index++);
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return performance.now() - start;
}
