// Bounds that hold everywhere: what one request, one answer and one machine may use.

/** Largest request body of a JSON or Query operation, in bytes. S3 object bodies are streamed and not counted. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Deepest nesting of a JSON request body. */
export const BODY_DEPTH_MAX = 128;

/** DuckDB queries that may run at once: libuv's pool must keep threads for files and sockets. */
export const QUERY_CONCURRENCY_MAX = 2;
