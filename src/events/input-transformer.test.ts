// What targets get: paths, placeholders in and outside of quotation marks, and what is refused.
import { describe, expect, it } from 'vitest';
import { checkTargetInput, targetPayload } from './input-transformer.js';

const EVENT = {
  version: '0',
  id: 'e-1',
  'detail-type': 'Order "placed"',
  source: 'shop',
  resources: ['arn:a', 'arn:b'],
  detail: {
    'order-id': 7,
    paid: false,
    note: 'line one\nline "two"',
    'with space': 'x',
    'a/b': 'slash',
    nothing: null,
    customer: { name: 'Ada', tags: ['x', 'y'] },
    items: [{ sku: 's-1', sizes: [1, 2] }, { sku: 's-2', sizes: [3] }, { other: true }],
  },
};
const FACTS = {
  ruleArn: 'arn:aws:events:us-east-1:123456789012:rule/r',
  ruleName: 'r',
  ingestionTime: '2024-01-01T00:00:00Z',
};

describe('a path gives', () => {
  it.each<[string, unknown]>([
    ['$', EVENT],
    ['$.source', 'shop'],
    ['$.detail-type', 'Order "placed"'],
    ['$.detail.order-id', 7],
    ['$.detail.a/b', 'slash'],
    ["$.detail['with space']", 'x'],
    ['$.detail["with space"]', 'x'],
    ['$.detail.customer', { name: 'Ada', tags: ['x', 'y'] }],
    ['$.resources[1]', 'arn:b'],
    ['$.resources[*]', ['arn:a', 'arn:b']],
    ['$.detail.items[*].sku', ['s-1', 's-2']],
    ['$.detail.items[*].sizes[*]', [1, 2, 3]],
    ['$.detail.items[*].sizes[0]', [1, 3]],
    ['$.detail.customer.*', ['Ada', ['x', 'y']]],
    ['$.detail.none[*]', []],
    ['$.detail.none', {}],
  ])('%s', (InputPath, expected) => {
    checkTargetInput({ InputPath });
    expect(JSON.parse(targetPayload({ InputPath }, EVENT, FACTS))).toEqual(expected);
  });
});

describe('a template is filled', () => {
  const paths = {
    id: '$.detail.order-id',
    paid: '$.detail.paid',
    name: '$.detail.customer.name',
    note: '$.detail.note',
    customer: '$.detail.customer',
    skus: '$.detail.items[*].sku',
    none: '$.detail.none',
    nothing: '$.detail.nothing',
  };
  it.each<[string, string]>([
    ['{"id": <id>, "paid": <paid>, "name": <name>}', '{"id": 7, "paid": false, "name": "Ada"}'],
    ['{"id": "<id>", "name": "<name>"}', '{"id": "7", "name": "Ada"}'],
    ['{"text": "<name> has ordered <id>"}', '{"text": "Ada has ordered 7"}'],
    ['"order <id> of <name>"', '"order 7 of Ada"'],
    ['"first <id>"\n"then <name>"', '"first 7"\n"then Ada"'],
    ['{"note": <note>}', '{"note": "line one\\nline \\"two\\""}'],
    ['{"note": "<note>"}', '{"note": "line one\\nline \\"two\\""}'],
    [
      '{"who": <customer>, "skus": <skus>}',
      '{"who": {"name":"Ada","tags":["x","y"]}, "skus": ["s-1","s-2"]}',
    ],
    ['{"who": "<customer>"}', '{"who": "{\\"name\\":\\"Ada\\",\\"tags\\":[\\"x\\",\\"y\\"]}"}'],
    ['{"a": "<none>", "b": "\\"<name>\\""}', '{"a": "", "b": "\\"Ada\\""}'],
    ['{"a": <none>, "b": <nothing>}', '{"a": null, "b": null}'],
    [
      '{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>}',
      '{"rule": "r", "arn": "arn:aws:events:us-east-1:123456789012:rule/r", "at": "2024-01-01T00:00:00Z"}',
    ],
    ['{"constant": 1}', '{"constant": 1}'],
    ['{"less": "1 < 2"}', '{"less": "1 < 2"}'],
  ])('%s', (InputTemplate, expected) => {
    const InputTransformer = { InputPathsMap: paths, InputTemplate };
    checkTargetInput({ InputTransformer });
    expect(targetPayload({ InputTransformer }, EVENT, FACTS)).toBe(expected);
  });

  it('with the event, whole or without its detail', () => {
    const InputTransformer = {
      InputTemplate: '{"all": <aws.events.event.json>, "head": <aws.events.event>}',
    };
    checkTargetInput({ InputTransformer });
    const { detail, ...head } = EVENT;
    expect(JSON.parse(targetPayload({ InputTransformer }, EVENT, FACTS))).toEqual({
      all: { ...head, detail },
      head,
    });
  });
});

it.each<[Parameters<typeof checkTargetInput>[0], RegExp]>([
  [{ InputPath: 'detail' }, /Invalid JSON path detail/],
  [{ InputPath: '$..sku' }, /Invalid JSON path \$\.\.sku/],
  [{ InputPath: '$.items[?(@.sku)]' }, /Invalid JSON path/],
  [{ Input: '{' }, /JSON syntax error/],
  [{ Input: '{}', InputPath: '$' }, /Only one of Input, InputPath, or InputTransformer/],
  [{ InputTransformer: { InputPathsMap: { a: '$.b[' }, InputTemplate: '<a>' } }, /Invalid JSON path \$\.b\[/],
  [{ InputTransformer: { InputTemplate: '<a>' } }, /<a> is no key of InputPathsMap/],
  [
    { InputTransformer: { InputPathsMap: { 'aws.own': '$' }, InputTemplate: '1' } },
    /begins with the reserved AWS/,
  ],
])('%j is refused', (input, message) => {
  expect(() => checkTargetInput(input)).toThrow(message);
});
