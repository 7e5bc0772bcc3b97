// A terminal that is closed while a command is at work takes stdin, stdout and stderr with it, and ends no work by that.
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** `gluepot … | head` closes stdout early, too: who reads no more ends no work. */
export function surviveClosedTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passOverClosed);
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.once('exit', () => {
    // Seen in Node.js 20: at exit it gives terminals their settings back, and ends by SIGABRT when one takes none any more. What
    // is closed it leaves alone.
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}

function passOverClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}
