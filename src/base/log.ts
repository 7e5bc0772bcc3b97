// Structured diagnostics on stderr; silent unless asked for. Never log credentials or object bodies.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void;

export const silentLog: Log = () => {};

/** One JSON line an entry on stderr, from `lowest` upwards. */
export function stderrLog(lowest: LogLevel = 'info'): Log {
  const levels: LogLevel[] = ['debug', 'info', 'warn', 'error'];
  return (level, message, fields) => {
    if (levels.indexOf(level) < levels.indexOf(lowest)) return;
    process.stderr.write(
      JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }) + '\n',
    );
  };
}
