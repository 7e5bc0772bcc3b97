// What MergeNewColumns makes of old and new columns.
import { describe, expect, it } from 'vitest';
import { addNewColumns } from './merge-columns.js';

const columns = (text: string) =>
  text
    .split('; ')
    .filter((part) => part !== '')
    .map((part) => ({ Name: part.slice(0, part.indexOf(' ')), Type: part.slice(part.indexOf(' ') + 1) }));

describe('addNewColumns', () => {
  it.each([
    ['appends what is new', 'a int; b string', 'b string; c double', 'a int; b string; c double'],
    ['keeps the type that is known', 'a int', 'a string', 'a int'],
    ['keeps the order that is known', 'b int; a int', 'a int; b int', 'b int; a int'],
    [
      'adds members to a struct',
      's struct<x:int>',
      's struct<y:string,x:double>',
      's struct<x:int,y:string>',
    ],
    [
      'adds members to a struct in an array in a struct',
      's struct<l:array<struct<x:int>>>',
      's struct<l:array<struct<x:int,y:map<string,int>>>>',
      's struct<l:array<struct<x:int,y:map<string,int>>>>',
    ],
    ['keeps a type that nobody can read', 's struct<x', 's struct<x:int>', 's struct<x'],
    ['keeps a spelling with spaces', 's struct<x: int>', 's struct<x:int>', 's struct<x: int>'],
    ['keeps a struct that became a string', 's struct<x:int>', 's string', 's struct<x:int>'],
  ])('%s', (_, known, found, merged) => {
    expect(addNewColumns(columns(known), columns(found))).toEqual(columns(merged));
  });

  it('keeps the comment of a known column', () => {
    expect(
      addNewColumns([{ Name: 'a', Type: 'int', Comment: 'ours' }], [{ Name: 'a', Type: 'string' }]),
    ).toEqual([{ Name: 'a', Type: 'int', Comment: 'ours' }]);
  });
});
