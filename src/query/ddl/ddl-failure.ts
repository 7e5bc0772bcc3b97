// What Hive and Trino say when DDL cannot be done, as Athena hands it on.
import { AwsError } from '../../wire/aws-error.js';
import { QueryFailure } from '../statement/query-failure.js';

/** AWS docs, Athena error catalog; which of them goes with which failure is of public records of Athena's answers. */
const USER_ERROR = 1000;
const DDL_TASK_FAILED = 1003;
const SYNTAX_ERROR = 1006;
const INVALID_ARGUMENT = 1100;
const NOT_SUPPORTED = 1200;

/** What is found before anything is done: `FAILED: SemanticException ...`. */
export const semanticFailure = (message: string): QueryFailure =>
  new QueryFailure(`FAILED: SemanticException ${message}`, 'execution', 2, SYNTAX_ERROR);

/** A clause that the kind of table does not have. */
export const argumentFailure = (message: string): QueryFailure =>
  new QueryFailure(message, 'execution', 2, INVALID_ARGUMENT);

/** A statement that Athena does not have for the kind of table. */
export const unsupportedFailure = (message: string): QueryFailure =>
  new QueryFailure(message, 'execution', 2, NOT_SUPPORTED);

/** What is found by doing it; Athena counts it among the failures of the system. */
export const taskFailure = (message: string, cause?: unknown): QueryFailure =>
  new QueryFailure(
    `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. ${message}`,
    'execution',
    1,
    DDL_TASK_FAILED,
    { cause },
  );

export const databaseNotFound = (database: string): QueryFailure =>
  semanticFailure(`[Error 10072]: Database does not exist: ${database}`);

/** `written` is the name as the statement has it. */
export const tableNotFound = (written: string): QueryFailure =>
  semanticFailure(`[Error 10001]: Table not found ${written}`);

/** What Athena does and this server does not, or what Athena refuses in words that are not known. */
export const notSupported = (message: string): QueryFailure =>
  unsupportedFailure(`NOT_SUPPORTED: ${message}`);

/** A failure of a statement that Trino carries out; all that are known name its beginning. */
export const trinoFailure = (code: string, message: string, errorType = USER_ERROR): QueryFailure =>
  new QueryFailure(`${code}: line 1:1: ${message}`, 'execution', 2, errorType);

/** What the catalog or the storage refuses, in the words of the Hive client that asked it. */
export function ofRefusal(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const kind = error.name === 'AlreadyExistsException' ? error.name : 'MetaException';
  return taskFailure(`${kind}(message:${error.message} (Error Code: ${error.name}))`, error);
}
