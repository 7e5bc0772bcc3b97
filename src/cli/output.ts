// What a command says: its result on stdout, as text or as one JSON document; everything else on stderr.
import pc from 'picocolors';
import { bytesText } from './bytes-text.js';
import type { GlobalOptions } from './global-options.js';
import { jsonParts } from './json-parts.js';
import { printable } from './printable.js';
import { openProgress, type Progress } from './progress.js';
import { withSlowProgress } from './slow-progress.js';
import { writeParts } from './write-parts.js';

/** Grows when a member of the JSON document changes its meaning. */
const SCHEMA_VERSION = 1;

export type Colors = ReturnType<typeof pc.createColors>;

/** What a command hands back: `result` is what --json prints. */
export interface Outcome {
  result: unknown;
  /** 0 when not given. */
  exitCode?: number;
  /** Awaited after the result is printed: for commands that go on, like a server. */
  hold?: () => Promise<void>;
}

export interface Output {
  colors: Colors;
  isJson: boolean;
  /** Columns of the terminal, 100 when stdout is none. */
  width: number;
  progress: Progress;
  /** A line or more of the result for people; nothing with --json. */
  print(text: string): void;
  warn(text: string): void;
  /** What may be needed should it not come to a result: on stderr, also with --json, and not with --quiet. */
  note(text: string): void;
  /**
   * The one JSON document, as it is read; nothing without --json, or once one is begun.
   * @param signal cuts one short that takes long, and is thrown then
   */
  printDocument(
    document: {
      command: string;
      ok: boolean;
      result: unknown;
      errors: { kind: string; message: string }[];
    },
    signal?: AbortSignal,
  ): Promise<void>;
}

export function openOutput(options: Pick<GlobalOptions, 'json' | 'quiet' | 'color' | 'target'>): Output {
  const isJson = options.json === true;
  const colors = pc.createColors(
    options.color && pc.isColorSupported && process.stdout.isTTY === true && !isJson,
  );
  const progress = openProgress({ isQuiet: options.quiet === true });
  const warnings: string[] = [];
  let isDocumentBegun = false;
  return {
    colors,
    isJson,
    width: process.stdout.columns || 100,
    progress,
    print(text) {
      if (isJson) return;
      progress.clear();
      process.stdout.write(`${printable(text, colors.isColorSupported)}\n`);
    },
    warn(text) {
      warnings.push(text);
      progress.clear();
      if (!isJson) process.stderr.write(`warning: ${printable(text)}\n`);
    },
    note(text) {
      progress.clear();
      if (options.quiet !== true) process.stderr.write(`${printable(text)}\n`);
    },
    async printDocument({ command, ok, result, errors }, signal) {
      progress.clear();
      if (!isJson || isDocumentBegun) return;
      isDocumentBegun = true;
      const { target } = options;
      const document = { schemaVersion: SCHEMA_VERSION, command, target, ok, result, warnings, errors };
      // On a terminal it is its own progress.
      const shown = openProgress({ isQuiet: options.quiet === true || process.stdout.isTTY });
      await withSlowProgress(shown, 'print the JSON document', (at) =>
        writeParts(process.stdout, linesOf(document), (length) => {
          signal?.throwIfAborted();
          at(bytesText(length));
        }),
      );
    },
  };
}

function* linesOf(document: object): Generator<string> {
  yield* jsonParts(document);
  yield '\n';
}
