#!/usr/bin/env node
// The gluepot command.
require('./process-settings.cjs');
import('../dist/command/main.js').then(({ main }) => main(process.argv.slice(2)));
