// Formats that AWS's crawlers know and this one only recognises: their files are UNKNOWN, and the reason tells why.
import type { Classifier } from './classifier.js';
import type { FileHead } from './file-head.js';

function recogniser(
  classification: string,
  name: string,
  isLike: (start: Buffer, head: FileHead) => boolean,
): Classifier {
  return {
    classification,
    classify: (head) =>
      isLike(head.storedStart, head)
        ? { notBecause: `it is ${name}, which is recognised here and not read` }
        : { notBecause: `it does not begin like ${name}` },
  };
}

export const ionClassifier = recogniser(
  'ion',
  'Amazon Ion',
  (start) =>
    start.subarray(0, 4).equals(Buffer.from([0xe0, 0x01, 0x00, 0xea])) ||
    /^\s*\$ion_1_0\b/.test(start.toString('latin1', 0, 64)),
);

/** A document begins with its length, ends with a zero byte, and its first element is of a known type. */
export const bsonClassifier = recogniser('bson', 'BSON', (start, { sizeBytes }) => {
  if (start.length < 16 || start.readInt32LE(0) < 16 || start.readInt32LE(0) > sizeBytes) return false;
  const length = start.readInt32LE(0);
  const endsWell = length > start.length || start[length - 1] === 0;
  return (
    endsWell &&
    start[4]! >= 1 &&
    start[4]! <= 0x13 &&
    start.indexOf(0, 5) > 5 &&
    /^[\w$.-]+$/.test(start.toString('latin1', 5, start.indexOf(0, 5)))
  );
});
