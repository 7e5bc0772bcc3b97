// How far a command is, on stderr: one line that changes on a terminal, a line an event elsewhere.
import type { StackProgress } from '../toolkit/stack/index.js';
import { printable } from './printable.js';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;

export interface Progress {
  /**
   * Of one step at a time: started, any number of times waiting, done.
   * @param startedMs when it began, for one that is told of later
   */
  report(event: StackProgress, startedMs?: number): void;
  /** Takes the changing line away, so that something else can be printed. */
  clear(): void;
}

type Stream = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

export function openProgress({ isQuiet }: { isQuiet: boolean }, stream: Stream = process.stderr): Progress {
  if (isQuiet) return { report() {}, clear() {} };
  const lines = stream.isTTY ? changingLine(stream) : plainLines(stream);
  return {
    report({ step, state, detail = '' }, startedMs = Date.now()) {
      lines.report({ step: printable(step), state, detail: printable(detail) }, startedMs);
    },
    clear: () => lines.clear(),
  };
}

interface Lines extends Progress {
  /** `detail` is empty without one. */
  report(event: Required<StackProgress>, startedMs: number): void;
}

function plainLines(stream: Stream): Lines {
  const starts = new Map<string, number>();
  return {
    report({ step, state, detail }, startedMs) {
      if (state === 'started') starts.set(step, startedMs);
      else if (state === 'waiting') stream.write(`${step}: ${detail || 'waiting'}\n`);
      else stream.write(`${step}: done in ${formatSeconds(Date.now() - (starts.get(step) ?? Date.now()))}\n`);
    },
    clear() {},
  };
}

function changingLine(stream: Stream): Lines {
  let timer: NodeJS.Timeout | undefined;
  let current: { step: string; detail: string; startMs: number } | undefined;
  let frame = 0;
  const erase = () => stream.write('\r\x1b[2K');
  const draw = () => {
    if (!current) return;
    frame = (frame + 1) % FRAMES.length;
    const time = formatSeconds(Date.now() - current.startMs);
    const line = `${FRAMES[frame]} ${current.step}${current.detail ? ` · ${current.detail}` : ''} · ${time}`;
    erase();
    stream.write(line.slice(0, (stream.columns || 80) - 1));
  };
  const clear = () => {
    if (timer) {
      clearInterval(timer);
      timer = undefined;
      erase();
    }
  };
  return {
    report({ step, state, detail }, startedMs) {
      if (state === 'done') {
        const time = formatSeconds(Date.now() - (current?.startMs ?? Date.now()));
        clear();
        stream.write(`✓ ${step} · ${time}\n`);
        current = undefined;
        return;
      }
      const startMs = current?.step === step ? current.startMs : startedMs;
      current = { step, detail, startMs };
      timer ??= setInterval(draw, FRAME_MS).unref();
      draw();
    },
    clear,
  };
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
