// Functions that are of no family.
import { define } from './function-definition.js';

export const OTHER_FUNCTIONS = define('scalar', [
  ['uuid', '', 'varchar', 'CAST(gen_random_uuid() AS VARCHAR)'],
  ['version', '', 'varchar', `'gluepot'`],
]);
