// What a service is to the wire: the SDK's schemas, a protocol, and a table of operations.
import type { Constraints } from './constraints.js';

/** Who asks, and as what: the part of a request that is not in the operation's input. */
export interface RequestContext {
  requestId: string;
  region: string;
  accountId: string;
  /** ARN of the caller: the root of the account, or the role whose temporary credentials signed the request. */
  callerArn: string;
  /** Access key id of the request; '' when it carries none. */
  accessKeyId: string;
  /** Scheme and host under which the caller reached the service, e.g. `http://127.0.0.1:4566`. */
  origin: string;
}

type Simple = string | number | boolean | bigint | Date | Uint8Array | undefined | null;

/** An SDK input after the wire has checked it: members the model requires are there, at every depth. */
export type Checked<T> = T extends Simple | AsyncIterable<unknown>
  ? T
  : T extends (infer Item)[]
    ? Checked<Item>[]
    : T extends object
      ? {
          [K in keyof T]: undefined extends Pick<T, K>[K]
            ? {} extends Pick<T, K>
              ? Checked<T[K]>
              : Checked<Exclude<T[K], undefined>>
            : Checked<T[K]>;
        }
      : T;

type CommandOf<Client, Name extends string> = `${Name}Command` extends keyof Client
  ? Client[`${Name}Command`] extends new (...args: never[]) => infer Command
    ? Command
    : never
  : never;
type InputOf<Command> = Command extends { input: infer Input } ? Checked<Input> : never;
type OutputOf<Command> = Command extends {
  resolveMiddleware(...args: never[]): (input: never) => Promise<{ output: infer Output }>;
}
  ? Omit<Output, '$metadata'>
  : never;

type OperationName<Client> = keyof Client extends infer Key
  ? Key extends `${infer Name}Command`
    ? Name
    : never
  : never;

/**
 * A table of operations, typed by the SDK: `{ CreateTable(input, context) { ... } } satisfies Operations<typeof import('@aws-sdk/client-glue')>`.
 * An operation that is not in the table answers as AWS answers an unknown one.
 */
export type Operations<Client> = {
  [Name in OperationName<Client>]?: (
    input: InputOf<CommandOf<Client, Name>>,
    context: RequestContext,
  ) => OutputOf<CommandOf<Client, Name>> | Promise<OutputOf<CommandOf<Client, Name>>>;
};

export type AnyOperation = (input: never, context: RequestContext) => unknown;

export type Protocol = 'json-1.0' | 'json-1.1' | 'query' | 'rest-xml' | 'rest-json';

export interface Service {
  /** Name in SigV4 credential scopes, e.g. `glue`. */
  signingName: string;
  protocol: Protocol;
  /** `X-Amz-Target` is `<targetPrefix>.<Operation>`; JSON protocols only. */
  targetPrefix?: string;
  /** Errors also carry the name they had in the Query protocol, by which boto3 knows SQS's. */
  hasQueryErrors?: boolean;
  /** API version in a Query request, which tells IAM from STS. */
  apiVersion?: string;
  /** Namespace of XML answers; Query and REST-XML only. */
  xmlNamespace?: string;
  /** The module `@aws-sdk/client-<service>`: its `<Operation>$` and `<Error>$` exports are the schemas. */
  client: object;
  /** Ranges, lengths, patterns and enums, which the runtime schemas lack; see constraints.ts. */
  constraints?: Constraints;
  /** AWS's name for an input that breaks its model, e.g. `ValidationException`. */
  validationErrorName: string;
  /** Has its operations refused to web pages of other machines; see foreign-page.ts. */
  runsPrograms?: boolean;
  operations: Record<string, AnyOperation>;
}

/**
 * JSON text that is already in wire form (timestamps as seconds since the epoch, no null members). An operation of a
 * JSON service may return it anywhere in its output in place of a structure, and it is copied as it is.
 */
export class EncodedJson {
  constructor(readonly text: string) {}
}
