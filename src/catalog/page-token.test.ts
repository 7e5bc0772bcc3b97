import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePageToken, encodePageToken } from './page-token.js';

describe('a page token', () => {
  it('brings back the position it was made of, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (position) => {
        expect(decodePageToken('GetTables', encodePageToken('GetTables', position))).toBe(position);
      }),
    );
  });

  it.each([
    ['', 'empty'],
    ['bad token', 'no base64'],
    ['e30', 'an object'],
    ['WyJHZXRUYWJsZXMiLDFd', 'a position that is no text'],
    [encodePageToken('GetDatabases', 'a'), 'of another list'],
    [`${encodePageToken('GetTables', 'a')}=`, 'padded'],
    [` ${encodePageToken('GetTables', 'a')}`, 'with a space'],
  ])('%j is refused: %s', (token) => {
    expect(() => decodePageToken('GetTables', token)).toThrow(
      expect.objectContaining({
        name: 'InvalidInputException',
        message: expect.stringContaining('is not one that GetTables answered with') as string,
      }),
    );
  });
});
