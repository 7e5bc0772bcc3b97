// Key files: the columns of each table's key, as people write them.
import { expect, it } from 'vitest';
import { parseKeys } from './key-files.js';

const keys = (text: string) => Object.fromEntries(parseKeys(text, 'keys.csv'));

it.each([
  ['one column', 'table_name,primary_key_column\norders,id\n', { orders: ['id'] }],
  [
    'a byte-order mark, CRLF and blank lines',
    '\uFEFFTable_Name,PRIMARY_KEY_COLUMN\r\n\r\nOrders,ID\r\n',
    { orders: ['id'] },
  ],
  ['more columns in another order', 'note,primary_key_column,table_name\nx,id,orders\n', { orders: ['id'] }],
  [
    'several rows of a table',
    'table_name,primary_key_column\nl,order\nl,line\nl,order\n',
    { l: ['order', 'line'] },
  ],
  [
    'names in one cell',
    'table_name,primary_key_column\na,x;y\nb,x|y\nc,x+y\nd,"x, y"\n',
    { a: ['x', 'y'], b: ['x', 'y'], c: ['x', 'y'], d: ['x', 'y'] },
  ],
  ['no table', 'table_name,primary_key_column\n', {}],
])('reads %s', (_, text, wanted) => {
  expect(keys(text)).toEqual(wanted);
});

it.each([
  [
    'table,key\norders,id\n',
    'keys.csv has the columns table, key; needed are table_name and primary_key_column',
  ],
  ['', 'needed are table_name and primary_key_column'],
  ['table_name,primary_key_column\norders,id\nlines\n', 'keys.csv, row 2'],
  ['table_name,primary_key_column\norders,id;\n', 'keys.csv, row 1'],
])('refuses %j', (text, message) => {
  expect(() => keys(text)).toThrow(message);
});
