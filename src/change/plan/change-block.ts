// Changes of a plan as compressed text: blocks of the lines that its file has, opened when somebody looks at a change in them.
import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeDefinition } from '../canonical-definition.js';
import type { CatalogObjectKey, CatalogObjectKind, Definition } from '../catalog-object.js';
import type { Action, Change, Evidence } from '../plan.js';
import { CURRENT, NONE, WANTED, type ChangeLine } from './change-line.js';

const INDENT = '    ';
const SEPARATOR = `,\n${INDENT}`;

/** Characters of a block: what has to be read to look at one change. */
export const BLOCK_LENGTH = 256 * 1024;

/** Blocks of a plan whose text stays at hand: a few for each of those who work on its batches at a time. */
const TEXTS_MAX = 16;

/** Blocks of a plan whose keys stay at hand: decoded, some 80 KB each. */
const KEYS_MAX = 32;

const HASH_LENGTH = 32;

/** Parts of a plan's blocks that were looked at last. */
export interface OpenBlocks {
  texts: Map<ChangeBlock, string>;
  keys: Map<ChangeBlock, readonly CatalogObjectKey[]>;
}

export function openBlocks(): OpenBlocks {
  return { texts: new Map(), keys: new Map() };
}

type Head = Pick<Change, 'reason' | 'evidence' | 'VersionId'>;

export class ChangeBlock {
  /** Gzipped, as it stands in the plan's file. */
  readonly bytes: Buffer;
  readonly actions: readonly Action[];
  readonly #open: OpenBlocks;
  /** All keys once more, by themselves: gzipped JSON. */
  readonly #keys: Buffer;
  /** Three for each change, in the text: of its head, of `current`, of the line. */
  readonly #ends: Uint32Array;
  readonly #observed: Buffer;

  constructor(lines: readonly ChangeLine[], open: OpenBlocks) {
    this.bytes = gzipped(INDENT + lines.map(({ text }) => text).join(SEPARATOR));
    this.actions = lines.map(({ action }) => action);
    this.#keys = gzipped(JSON.stringify(lines.map(({ key }) => key)));
    this.#open = open;
    this.#ends = new Uint32Array(lines.length * 3);
    this.#observed = Buffer.alloc(lines.length * HASH_LENGTH);
    let start = INDENT.length;
    for (const [index, { text, headLength, currentLength, observed }] of lines.entries()) {
      this.#ends.set([start + headLength, start + currentLength, start + text.length], index * 3);
      observed.copy(this.#observed, index * HASH_LENGTH);
      start += text.length + SEPARATOR.length;
    }
  }

  /** As they stand in the plan's file. */
  text(): string {
    return gunzipSync(this.bytes).toString('utf8');
  }

  /** The lines as they were given. The block is not kept open: for those who pass over all of them once. */
  *lines(): Generator<ChangeLine> {
    const text = this.text();
    const keys = this.#readKeys();
    for (const [index, action] of this.actions.entries()) {
      const { start, head, current, end } = this.#at(index);
      yield {
        action,
        key: keys[index] as CatalogObjectKey,
        text: text.slice(start, end),
        headLength: head - start,
        currentLength: current - start,
        observed: current > head ? this.observed(index) : NONE,
      };
    }
  }

  key(index: number): CatalogObjectKey {
    return kept(this.#open.keys, this, KEYS_MAX, () => this.#readKeys())[index] as CatalogObjectKey;
  }

  head(index: number): Head {
    const { start, head } = this.#at(index);
    return JSON.parse(`${this.#openText().slice(start, head)}}`) as Head;
  }

  line(index: number): string {
    const { start, end } = this.#at(index);
    return this.#openText().slice(start, end);
  }

  /** Canonical JSON of a definition; undefined when there is none. */
  definitionText(index: number, side: 'current' | 'wanted'): string | undefined {
    if (!this.has(index, side)) return undefined;
    const { head, current, end } = this.#at(index);
    const text = this.#openText();
    return side === 'current'
      ? text.slice(head + CURRENT.length, current)
      : text.slice(current + WANTED.length, end - 1);
  }

  has(index: number, side: 'current' | 'wanted'): boolean {
    const { head, current, end } = this.#at(index);
    return side === 'current' ? current > head : end - 1 > current;
  }

  observed(index: number): Buffer {
    return this.#observed.subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
  }

  #at(index: number): { start: number; head: number; current: number; end: number } {
    const [head = 0, current = 0, end = 0] = this.#ends.subarray(index * 3, index * 3 + 3);
    const start = index === 0 ? INDENT.length : (this.#ends[index * 3 - 1] as number) + SEPARATOR.length;
    return { start, head, current, end };
  }

  #openText(): string {
    return kept(this.#open.texts, this, TEXTS_MAX, () => this.text());
  }

  #readKeys(): CatalogObjectKey[] {
    return JSON.parse(gunzipSync(this.#keys).toString('utf8')) as CatalogObjectKey[];
  }
}

/** In as many bytes as it has: zlib's own answer holds on to the 16 KB that it wrote it into. */
function gzipped(text: string): Buffer {
  return Buffer.from(gzipSync(text));
}

/** What a map has of a block, or else is made for it; the map then loses what it had longest when it has more than `max`. */
function kept<T>(map: Map<ChangeBlock, T>, block: ChangeBlock, max: number, make: () => T): T {
  const found = map.get(block);
  if (found !== undefined) return found;
  const made = make();
  for (const oldest of map.keys()) {
    if (map.size < max) break;
    map.delete(oldest);
  }
  map.set(block, made);
  return made;
}

/** A change in a block. What it says is decoded each time: who needs it twice keeps it. */
export class PackedChange implements Change {
  readonly #block: ChangeBlock;
  readonly #index: number;

  constructor(block: ChangeBlock, index: number) {
    this.#block = block;
    this.#index = index;
  }

  get action(): Action {
    return this.#block.actions[this.#index] as Action;
  }

  get key(): CatalogObjectKey {
    return this.#block.key(this.#index);
  }

  get VersionId(): string | undefined {
    return this.#block.head(this.#index).VersionId;
  }

  get reason(): string {
    return this.#block.head(this.#index).reason;
  }

  get evidence(): readonly Evidence[] {
    return this.#block.head(this.#index).evidence;
  }

  get current(): Definition | undefined {
    return this.#definition('current');
  }

  get wanted(): Definition | undefined {
    return this.#definition('wanted');
  }

  /** Whether there is such a definition, without a look at it. */
  has(side: 'current' | 'wanted'): boolean {
    return this.#block.has(this.#index, side);
  }

  /** Canonical JSON of a definition; undefined when there is none. */
  text(side: 'current' | 'wanted'): string | undefined {
    return this.#block.definitionText(this.#index, side);
  }

  /** SHA-256 of `current` in hexadecimal digits, `absent` without one. */
  get observedHash(): string {
    return this.has('current') ? this.#block.observed(this.#index).toString('hex') : 'absent';
  }

  /** What its line in the plan's file says, for `JSON.stringify`. */
  toJSON(): unknown {
    return JSON.parse(this.#block.line(this.#index)) as unknown;
  }

  #definition(side: 'current' | 'wanted'): Definition | undefined {
    const text = this.text(side);
    if (text === undefined) return undefined;
    return decodeDefinition<CatalogObjectKind>(this.key.kind, JSON.parse(text) as unknown);
  }
}
