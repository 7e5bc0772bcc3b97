import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OPERATIONS_PAGE, operationsPage } from '../../scripts/operations-page.js';

it('the reference page names exactly the operations that are there (npm run docs writes it)', async () => {
  expect(readFileSync(OPERATIONS_PAGE, 'utf8')).toBe(await operationsPage());
});
