// Values of a long list as compressed JSON, so that all of them need not be held as objects.
import { gunzipSync, gzipSync } from 'node:zlib';

/** Characters that are compressed at once. */
const BLOCK_LENGTH = 256 * 1024;

export class PackedValues implements Iterable<unknown> {
  readonly #blocks: Buffer[] = [];
  #waiting: string[] = [];
  #length = 0;

  add(value: unknown): void {
    const text = JSON.stringify(value);
    this.#waiting.push(text);
    this.#length += text.length;
    if (this.#length < BLOCK_LENGTH) return;
    // Copied: zlib's own answer holds on to the 16 KB that it wrote it into.
    this.#blocks.push(Buffer.from(gzipSync(listText(this.#waiting))));
    this.#waiting = [];
    this.#length = 0;
  }

  *[Symbol.iterator](): Generator<unknown> {
    for (const block of this.#blocks) yield* valuesOf(gunzipSync(block).toString('utf8'));
    yield* valuesOf(listText(this.#waiting));
  }
}

function listText(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}

function valuesOf(text: string): unknown[] {
  return JSON.parse(text) as unknown[];
}
