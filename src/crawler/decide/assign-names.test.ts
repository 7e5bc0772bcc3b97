// Who gets the plain name.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { assignTableNames } from './assign-names.js';

const hash = (text: string) => createHash('md5').update(text).digest('hex');

describe('assignTableNames', () => {
  it.each<[string, string[], Record<string, string>, string[]]>([
    ['nothing known: plain', ['s3://b/t/'], {}, ['t']],
    ['known at this location: its name', ['s3://b/t/'], { t: 's3://b/t/' }, ['t']],
    ['known at this location without the slash', ['s3://b/t/'], { t: 's3://b/t' }, ['t']],
    ['name known elsewhere: hashed', ['s3://b/t/'], { t: 's3://other/t/' }, [`t_${hash('b/t/')}`]],
    ['name of a view: hashed', ['s3://b/t/'], { t: '' }, [`t_${hash('b/t/')}`]],
    [
      'two in one crawl: the first is plain',
      ['s3://b/a/t/', 's3://b/c/t/'],
      {},
      ['t', `t_${hash('b/c/t/')}`],
    ],
    [
      'the second is catalogued as plain: the first is hashed',
      ['s3://b/a/t/', 's3://b/c/t/'],
      { t: 's3://b/c/t/' },
      [`t_${hash('b/a/t/')}`, 't'],
    ],
    [
      'catalogued under its hash it keeps it, even when the plain name is free',
      ['s3://b/t/'],
      { [`t_${hash('b/t/')}`]: 's3://b/t/' },
      [`t_${hash('b/t/')}`],
    ],
  ])('%s', (_, locations, known, names) => {
    const places = locations.map((location) => ({ location }));
    expect(assignTableNames(places, '', (name) => known[name])).toEqual(names);
  });

  it('names a table after something else than its location, and finds it again by the location', () => {
    const place = { location: 's3://b/t/manifest/', namedAfter: 's3://b/t/' };
    const named = (known: Record<string, string>) => assignTableNames([place], 'p_', (name) => known[name]);
    expect(named({})).toEqual(['p_t']);
    expect(named({ p_t: 's3://b/t/manifest' })).toEqual(['p_t']);
    expect(named({ p_t: 's3://b/t/' })).toEqual([`p_t_${hash('b/t/')}`]);
  });
});
