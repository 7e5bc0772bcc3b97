// Filter patterns against messages.
import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter-pattern.js';

const CLOUDTRAIL = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  latency: 50.5,
  'cluster.name': 'c',
});
const ACCESS = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

describe('compileFilter', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR', '[ERROR] disk full', true],
    ['ERROR', 'error', false],
    ['ERROR disk', 'disk ERROR', true],
    ['ERROR disk', 'ERROR', false],
    ['"disk full"', 'the disk full of', true],
    ['"disk full"', 'full disk', false],
    ['"say \\"no\\""', 'I say "no"', true],
    ['ERROR -disk', 'ERROR network', true],
    ['ERROR -"disk full"', 'ERROR disk full', false],
    ['-INFO', 'ERROR', true],
    ['-INFO', 'INFO', false],
    ['?ERROR ?WARN', 'WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['?ERROR disk', 'disk', true],
    ['(a+b)', 'x(a+b)y', true],
    ['%4[0-9]{2}%', 'status 404', true],
    ['%^4[0-9]{2}$%', 'status 404', false],
    ['{ $.eventType = "UpdateTrail" }', CLOUDTRAIL, true],
    ['{ $.eventType = UpdateTrail }', CLOUDTRAIL, true],
    ['{ $.eventType != "UpdateTrail" }', CLOUDTRAIL, false],
    ['{ $.eventType = "Update*" }', CLOUDTRAIL, true],
    ['{ $.sourceIPAddress != 123.123.* }', CLOUDTRAIL, true],
    ['{ $.sourceIPAddress != 111.111.* }', CLOUDTRAIL, false],
    ['{ $.sourceIPAddress = %^111\\.% }', CLOUDTRAIL, true],
    ['{ $.arrayKey[0] = "value" }', CLOUDTRAIL, true],
    ['{ $.arrayKey[2] = "value" }', CLOUDTRAIL, false],
    ['{ $.arrayKey = "value" }', CLOUDTRAIL, false],
    ['{ $.objectList[1].id = 2 }', CLOUDTRAIL, true],
    ['{ $.objectList[*].id > 1 }', CLOUDTRAIL, true],
    ['{ $.objectList[*].id > 2 }', CLOUDTRAIL, false],
    ["{ $.['cluster.name'] = c }", CLOUDTRAIL, true],
    ['{ $.SomeObject IS NULL }', CLOUDTRAIL, true],
    ['{ $.eventType IS NULL }', CLOUDTRAIL, false],
    ['{ $.ThisFlag IS TRUE }', CLOUDTRAIL, true],
    ['{ $.ThisFlag IS FALSE }', CLOUDTRAIL, false],
    ['{ $.none NOT EXISTS }', CLOUDTRAIL, true],
    ['{ $.eventType NOT EXISTS }', CLOUDTRAIL, false],
    ['{ $.none != "x" }', CLOUDTRAIL, false],
    ['{ $.latency = "*" }', CLOUDTRAIL, true],
    ['{ $.latency = 5.05e1 }', CLOUDTRAIL, true],
    ['{ $.latency >= 50.5 }', CLOUDTRAIL, true],
    ['{ $.latency < 50 }', CLOUDTRAIL, false],
    // Of the two operators && binds closer.
    ['{ $.latency > 1 || $.latency > 100 && $.none = 1 }', CLOUDTRAIL, true],
    ['{ ($.latency > 1 || $.latency > 100) && $.none = 1 }', CLOUDTRAIL, false],
    ['{ $.level = "ERROR" }', 'ERROR, no JSON', false],
    ['{ $.level = "ERROR" }', '{"level":"ERROR"', false],
    ['[ip, user, username, timestamp, request, status_code, bytes]', ACCESS, true],
    ['[ip, user, username, timestamp, request, status_code]', ACCESS, false],
    ['[ip, user, username, timestamp, request, status_code = 4*, bytes > 1000]', ACCESS, true],
    ['[ip, user, username, timestamp, request, status_code = 4*, bytes > 2000]', ACCESS, false],
    ['[ip, ..., status_code = 404 || status_code = 410, bytes]', ACCESS, true],
    ['[ip, ..., status_code = 4* && status_code != 404, bytes]', ACCESS, false],
    ['[..., request = "GET *", status_code, bytes]', ACCESS, true],
    ['[ip = %^127\\.%, ...]', ACCESS, true],
    ['[ip, a, b, c, d, e, f, ..., g]', ACCESS, false],
  ])('%s on "%s" is %s', (pattern, message, expected) => {
    expect(compileFilter(pattern)(message)).toBe(expected);
  });

  it.each([
    ['{ $.level = }', 'has } where a value is needed'],
    ['{ $.level "ERROR" }', 'where an operator is needed'],
    ['{ level = "ERROR" }', 'has level where a field such as $.level is needed'],
    ['{ $.level = "ERROR"', 'has its end where } is needed'],
    ['{ $.level = "ERROR" } x', 'goes on after its }'],
    ['{ $.level > high }', 'compares by > with high, no number'],
    ['{ $.level IS BIG }', 'has IS BIG; IS stands before NULL, TRUE, FALSE'],
    ['{ $.a = %x% || $.a = %y% || $.a = %z% }', 'has more than 2 regular expressions'],
    ['[ip, user', 'has no ] at its end'],
    ['[..., a, ...]', 'has ... more than once'],
    ['[a b]', 'is no name and no comparison'],
    ['[a = 1 && b = 2]', 'compares a and b within one field'],
    ['%(x)%', 'has a character in its regular expression'],
    ['%x[%', 'has a regular expression that cannot be read'],
    ['x %y%', 'has a regular expression beside terms'],
    ['"half', 'has a quote without its other half'],
  ])('refuses %s and says why', (pattern, why) => {
    expect(() => compileFilter(pattern)).toThrow(
      expect.objectContaining({
        name: 'InvalidParameterException',
        message: expect.stringContaining(why) as string,
      }) as Error,
    );
  });
});
