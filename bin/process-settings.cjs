// What a process of gluepot sets before anything loads. Not a module of ES: Node.js 20 reads those with libuv's thread pool,
// whose size is settled by its first use.
const { setFlagsFromString } = require('node:v8');

// DuckDB's queries hold threads for long, and files and name look-ups must not wait for them.
process.env.UV_THREADPOOL_SIZE ??= '16';
// The SDK warns on stderr about Node versions that its future releases will not support; the one used here is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// How much a heap may grow between two collections, of what was in use after the last: V8 lets it grow to four times that.
setFlagsFromString('--heap-growing-percent=100');
