import { describe, expect, it } from 'vitest';
import * as glue from '@aws-sdk/client-glue';
import { checkInput, patternOf } from './constraints.js';
import { glueConstraints } from './constraints/glue.js';
import { iamConstraints } from './constraints/iam.js';
import { logsConstraints } from './constraints/logs.js';
import { stsConstraints } from './constraints/sts.js';
import { operationShape, type OperationShape } from './schema.js';

const check = (operation: string, input: unknown) => () =>
  checkInput(
    (operationShape(glue, operation) as OperationShape).input,
    input,
    glueConstraints,
    glue,
    'ValidationException',
  );

describe('an input that breaks its model', () => {
  it.each([
    [
      'a required member that is missing',
      'GetTable',
      { DatabaseName: 'd' },
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a required member deep inside',
      'CreateTable',
      { DatabaseName: 'd', TableInput: { Name: 't', PartitionKeys: [{ Name: 'a' }, { Type: 'int' }] } },
      "1 validation error detected: Value null at 'tableInput.partitionKeys.2.member.name' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a text that is too short',
      'GetTable',
      { DatabaseName: '', Name: 't' },
      "1 validation error detected: Value '' at 'databaseName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'a number out of range',
      'GetPartitions',
      { DatabaseName: 'd', TableName: 't', MaxResults: 1001 },
      "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
    [
      'a value outside an enum',
      'CreateCrawler',
      { Name: 'c', Role: 'r', Targets: {}, RecrawlPolicy: { RecrawlBehavior: 'NEVER' } },
      "1 validation error detected: Value 'NEVER' at 'recrawlPolicy.recrawlBehavior' failed to satisfy constraint: Member must satisfy enum value set: [CRAWL_EVERYTHING, CRAWL_NEW_FOLDERS_ONLY, CRAWL_EVENT_MODE]",
    ],
    [
      'several at once',
      'GetTable',
      {},
      "2 validation errors detected: Value null at 'databaseName' failed to satisfy constraint: Member must not be null; Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
  ])('%s is named by its path', (_case, operation, input, message) => {
    expect(check(operation, input)).toThrow(
      expect.objectContaining({ name: 'ValidationException', message }),
    );
  });

  it('a list that is too long is named with the bound', () => {
    const input = {
      DatabaseName: 'd',
      TableName: 't',
      PartitionsToDelete: Array(26).fill({ Values: ['1'] }),
    };
    expect(check('BatchDeletePartition', input)).toThrow(/at 'partitionsToDelete'.*less than or equal to 25/);
  });

  it('a character that the pattern leaves out is refused, and one from outside the basic plane is not', () => {
    expect(check('GetTable', { DatabaseName: 'a\u0007b', Name: 't' })).toThrow(/regular expression pattern/);
    expect(check('GetTable', { DatabaseName: 'a\u{1F600}b', Name: 't' })).not.toThrow();
  });
});

it('every pattern of the models compiles', () => {
  for (const { shapes } of [glueConstraints, iamConstraints, logsConstraints, stsConstraints]) {
    for (const { pattern } of Object.values(shapes)) if (pattern !== undefined) patternOf(pattern);
  }
});
