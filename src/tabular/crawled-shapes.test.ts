// Files in the shapes of public data sets that AWS crawled, made here, with the schemas that AWS gave those.
import { describe, expect, test } from 'vitest';
import { classifyContent, columnsOf } from '../../test/tabular/table-file.js';
import { mergeFileSchemas } from './merge-schemas.js';

describe('weather readings in two CSV parts with one header', () => {
  const header = 'RowID,DateTime,TempOut,OutHum,WindDir,HiSpeed,HeatDD,ArcInt';
  const part = (...rows: string[]) => classifyContent([header, ...rows].join('\n') + '\n');
  const calm = part(
    '2019-03-01T03:00:00,03/01/2019 03:00:00 AM,56.4,85,---,0,0.09,15',
    '2019-03-01T03:15:00,03/01/2019 03:15:00 AM,56,86,---,0,0,15',
  );
  const windy = part('2019-10-12T23:00:00,10/12/2019 11:00:00 PM,58,50,NNE,5,0.067,15');

  test('dates and placeholders are strings, integers beside decimals are doubles', () => {
    expect(columnsOf(mergeFileSchemas([calm, windy]))).toEqual([
      'rowid string',
      'datetime string',
      'tempout double',
      'outhum bigint',
      'winddir string',
      'hispeed bigint',
      'heatdd double',
      'arcint bigint',
    ]);
  });

  test('one part alone has the narrower type', () => {
    expect(columnsOf(windy)[2]).toBe('tempout bigint');
  });
});

test('a CSV of words only, with CRLF and no line end at the end, has neither header nor names', () => {
  // 12 + 14 + 13 bytes: 39 / 3 = 13; 12 + 14 + 13 + 12 and three line ends of 2 bytes: 57 / 13 = 4.
  const schema = classifyContent('team_id,name\r\nULM,Sparrows U\r\nBRE,MarinersX\r\nKIE,Sailors!');
  expect(columnsOf(schema)).toEqual(['col0 string', 'col1 string']);
  expect(schema.formatParameters).toEqual({
    areColumnsQuoted: 'false',
    columnsOrdered: 'true',
    delimiter: ',',
  });
  expect(schema).toMatchObject({ averageRecordSize: 13, recordCount: 4, sizeKey: 57 });
});

test('incidents as JSON lines: arrays, a nested object, keys that are always null', () => {
  const schema = classifyContent(
    [
      {
        vehicle4: null,
        month: '2',
        passengers: 2,
        lon: -78.8,
        factors: ['NONE'],
        geo: { lat: 35.7, lon: -78 },
      },
      { vehicle4: null, month: '3', passengers: null, lon: -78, factors: [], geo: { lat: 35, lon: -78.6 } },
    ]
      .map((incident) => JSON.stringify(incident))
      .join('\n'),
  );
  expect(columnsOf(schema)).toEqual([
    'vehicle4 string',
    'month string',
    'passengers int',
    'lon double',
    'factors array<string>',
    'geo struct<lat:double,lon:double>',
  ]);
});

test('customers as JSON lines: milliseconds are bigint, keys that come late stand late', () => {
  const schema = classifyContent(
    '{"customerName":"A","birthDay":"1900-01-01","registrationDate":1655564376361}\n' +
      '{"customerName":"B","shareWithFriendsAsOfDate":1655564414415,"birthDay":"1399-01-01"}\n',
  );
  expect(columnsOf(schema)).toEqual([
    'customername string',
    'birthday string',
    'registrationdate bigint',
    'sharewithfriendsasofdate bigint',
  ]);
  expect(schema.serdeParameters.paths).toBe(
    'birthDay,customerName,registrationDate,shareWithFriendsAsOfDate',
  );
});
