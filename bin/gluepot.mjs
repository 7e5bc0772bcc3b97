#!/usr/bin/env node
// The gluepot command. libuv reads the size of its thread pool once, before the first use, so it is set before anything loads:
// DuckDB's queries hold threads for long, and files and name look-ups must not wait for them.
process.env.UV_THREADPOOL_SIZE ??= '16';
const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
