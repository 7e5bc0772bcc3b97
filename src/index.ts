// The library's entry: connect to AWS or to the embedded AWS, and work on stacks and catalogs with the clients.
export { EXIT_CODES, GluepotError, type GluepotErrorKind } from './base/errors.js';
export {
  connect,
  serve,
  type Connection,
  type ConnectOptions,
  type ServeOptions,
  type Serving,
  type Target,
} from './connect.js';
export type { AwsClients } from './aws/aws-clients.js';
export * from './toolkit/catalog-snapshot/index.js';
export * from './toolkit/stack/index.js';
