// Outlives the gluepot that starts it by a moment, and kills the programs that one leaves running when it dies.
// Its input has `+PID` for each program that is started and `-PID` for each that has ended, and ends with gluepot.
import { createInterface } from 'node:readline';

const leaders = new Set();
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) leaders.add(pid);
    else leaders.delete(pid);
  })
  .on('close', () => leaders.forEach(killGroup));

function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It is gone already, or has become another user's.
  }
}
