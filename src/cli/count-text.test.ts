// One of a thing is no several.
import { expect, it } from 'vitest';
import { countText } from './count-text.js';

it.each([
  [0, 'table', '0 tables'],
  [1, 'table', '1 table'],
  [2, 'table', '2 tables'],
  [1, 'new object', '1 new object'],
  [12, 'new object', '12 new objects'],
])('%i of a %s is %j', (count, one, text) => {
  expect(countText(count, one)).toBe(text);
});
