// A client that counts the operations it is asked for; what it does and answers is the other's.
import type { GlueClient } from '@aws-sdk/client-glue';

/** `count` grows by one a call of `send`, however often the SDK tries it. */
export function countingClient(glue: GlueClient): { glue: GlueClient; calls: { count: number } } {
  const calls = { count: 0 };
  const counting = new Proxy(glue, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name, target) as unknown;
      return (...call: Parameters<GlueClient['send']>) => {
        calls.count++;
        return target.send(...call);
      };
    },
  });
  return { glue: counting, calls };
}
