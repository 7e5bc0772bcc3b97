// A Glue client that answers what a test says, for states that the embedded AWS reaches only for a moment.
import { Glue } from '@aws-sdk/client-glue';

/** By the command's name, without `Command`; what throws is answered as that error. Anything else is a mistake of the test. */
export function answeringGlue(answers: Readonly<Record<string, (input: never) => object>>): {
  glue: Glue;
  /** Names of all calls so far. */
  calls: readonly string[];
} {
  const calls: string[] = [];
  const glue = new Glue({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  glue.middlewareStack.add(
    (_, { commandName = '' }) =>
      ({ input }) => {
        const name = commandName.replace(/Command$/, '');
        calls.push(name);
        const answer = answers[name];
        if (!answer) throw new Error(`Nobody said what ${name} answers.`);
        return Promise.resolve({ output: { $metadata: {}, ...answer(input as never) }, response: {} });
      },
    { step: 'initialize' },
  );
  return { glue, calls };
}
