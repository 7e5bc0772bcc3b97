// Numbers the keys of objects in the order they come, so that what is known of an object is a place in an array.
import { hash } from 'node:crypto';
import { keyText } from './catalog-key.js';
import type { CatalogObjectKey } from './catalog-object.js';

/** Of 32 bits, of a digest: half of a SHA-256 tells as many keys apart in half the memory. */
const WORDS = 4;

const CAPACITY_MIN = 32;

/** Takes 25 to 50 bytes a key, of however many characters, where a Map of texts takes some 200. */
export class KeyNumbers {
  #count = 0;
  /** Of the keys, in the order of their numbers. */
  #digests = new Uint32Array(CAPACITY_MIN * WORDS);
  /** Open addressing, at most half full: a number plus one, 0 where there is none. */
  #slots = new Uint32Array(CAPACITY_MIN * 2);

  get count(): number {
    return this.#count;
  }

  /** The number of a key that was added; undefined for another. */
  find(key: CatalogObjectKey): number | undefined {
    if (this.#count === 0) return undefined;
    const number = this.#slots[this.#slotOf(digestOf(key))] as number;
    return number === 0 ? undefined : number - 1;
  }

  /** The number of a key, the count so far for one that was not added before. */
  add(key: CatalogObjectKey): number {
    if (this.#count * WORDS === this.#digests.length) this.#grow();
    const digest = digestOf(key);
    const slot = this.#slotOf(digest);
    const number = this.#slots[slot] as number;
    if (number > 0) return number - 1;
    this.#digests.set(digest, this.#count * WORDS);
    this.#slots[slot] = this.#count + 1;
    return this.#count++;
  }

  /** The slot of a digest that was added, or the empty one that another would get. */
  #slotOf(digest: Uint32Array): number {
    const last = this.#slots.length - 1;
    let slot = (digest[0] as number) & last;
    for (;;) {
      const number = this.#slots[slot] as number;
      if (number === 0 || this.#hasDigest(number - 1, digest)) return slot;
      slot = (slot + 1) & last;
    }
  }

  #hasDigest(number: number, digest: Uint32Array): boolean {
    for (let word = 0; word < WORDS; word++) {
      if (this.#digests[number * WORDS + word] !== digest[word]) return false;
    }
    return true;
  }

  #grow(): void {
    const digests = this.#digests;
    this.#digests = new Uint32Array(digests.length * 2);
    this.#digests.set(digests);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#count; number++) {
      const slot = this.#slotOf(digests.subarray(number * WORDS, (number + 1) * WORDS));
      this.#slots[slot] = number + 1;
    }
  }
}

function digestOf(key: CatalogObjectKey): Uint32Array {
  const bytes = hash('sha256', keyText(key), 'buffer');
  return Uint32Array.from({ length: WORDS }, (_, word) => bytes.readUInt32LE(word * 4));
}
