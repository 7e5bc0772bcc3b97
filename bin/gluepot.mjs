#!/usr/bin/env node
// The gluepot command. libuv reads the size of its thread pool once, before its first use, so it is set before anything
// loads: DuckDB's queries hold threads for long, and files and name look-ups must not wait for them.
process.env.UV_THREADPOOL_SIZE ??= '16';
// The SDK warns on stderr about Node versions that its future releases will not support; the one used here is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { main } = await import('../dist/command/main.js');
await main(process.argv.slice(2));
