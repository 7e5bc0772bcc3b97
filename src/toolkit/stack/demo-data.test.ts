// The demo's data keep the shape that its spec and its jobs rely on.
import { describe, expect, it } from 'vitest';
import { generateData } from './demo-data.js';

const kindOf = (values: string[]) =>
  values.every((value) => /^-?\d+$/.test(value))
    ? 'bigint'
    : values.every((value) => /^-?\d+(\.\d+)?$/.test(value))
      ? 'double'
      : 'string';

describe('generated weather', () => {
  const files = generateData('weather', { seed: 7 });

  it('comes in two parts with the same header', () => {
    expect(files.map((file) => file.name)).toEqual(['weather-part0.csv', 'weather-part1.csv']);
    const [first, second] = files.map((file) => file.content.split('\n')[0]);
    expect(first).toBe(second);
    expect(first?.split(',')).toHaveLength(30);
    expect(files.map((file) => file.content.trimEnd().split('\n').length)).toEqual([97, 97]);
  });

  it.each(files.map((file) => [file.name, file.content]))(
    '%s has the same column types on its own',
    (_name, content) => {
      const [header = [], ...rows] = content
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      const types = Object.fromEntries(
        header.map((name, index) => [name, kindOf(rows.map((row) => row[index] as string))]),
      );
      expect(types).toEqual({
        RowID: 'string',
        DateTime: 'string',
        TempOut: 'double',
        HiTemp: 'double',
        LowTemp: 'double',
        OutHum: 'bigint',
        DewPt: 'double',
        WindSpeed: 'bigint',
        WindDir: 'string',
        WindRun: 'double',
        HiSpeed: 'bigint',
        HiDir: 'string',
        WindChill: 'double',
        HeatIndex: 'double',
        THWIndex: 'double',
        Bar: 'double',
        Rain: 'bigint',
        RainRate: 'bigint',
        HeatDD: 'double',
        CoolDD: 'bigint',
        InTemp: 'double',
        InHum: 'bigint',
        InDew: 'double',
        InHeat: 'double',
        InEMC: 'double',
        InAirDensity: 'double',
        WindSamp: 'bigint',
        WindTx: 'bigint',
        ISSRecpt: 'bigint',
        ArcInt: 'bigint',
      });
      expect(rows.some((row) => row.includes('---'))).toBe(true);
      expect(
        rows.some((row) => /^\d+$/.test(row[2] as string)),
        'whole numbers among the decimals',
      ).toBe(true);
    },
  );

  it('writes each instant twice, in two notations', () => {
    const row = files[0]?.content.split('\n')[1]?.split(',');
    expect(row?.slice(0, 2)).toEqual(['2024-03-04T00:00:00', '03/04/2024 12:00:00 AM']);
  });
});

describe('generated incidents', () => {
  const lines = (generateData('incidents', { seed: 7 })[0]?.content ?? '').trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const valuesOf = (key: string) => rows.map((row) => row[key]);

  it('are 60 lines with the same 47 keys in the same order', () => {
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
    expect(Object.keys(rows[0] ?? {})).toHaveLength(47);
  });

  it.each(['vehicle4', 'vehicle5', 'contrcir2_desc', 'contrcir4_desc', 'numpedestrians'])(
    'have no value for %s anywhere',
    (key) => {
      expect(new Set(valuesOf(key))).toEqual(new Set([null]));
    },
  );

  it.each(['numpassengers', 'records', 'fatality', 'possblinj', 'tamainid'])(
    'have whole numbers or null in %s',
    (key) => {
      expect(valuesOf(key).every((value) => value === null || Number.isInteger(value))).toBe(true);
    },
  );

  it.each(['lat', 'lon', 'lat2', 'lon2'])('have decimals in %s', (key) => {
    expect(valuesOf(key).every((value) => typeof value === 'number' && !Number.isInteger(value))).toBe(true);
  });

  it('nest arrays of texts and one structure', () => {
    for (const key of ['contributing_factor', 'rdconfigur', 'vehicle_type', 'rdclass', 'rdcharacter']) {
      expect(
        valuesOf(key).every(
          (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
        ),
      ).toBe(true);
    }
    expect(Object.keys(rows[0]?.geo_location as object)).toEqual(['lat', 'lon']);
    expect(valuesOf('numpassengers')).toContain(null);
    expect(valuesOf('vehicle3')).toContain(null);
  });
});

it('the same seed gives the same bytes, another seed others', () => {
  expect(generateData('weather', { seed: 3 })).toEqual(generateData('weather', { seed: 3 }));
  expect(generateData('incidents', { seed: 3 })).not.toEqual(generateData('incidents', { seed: 4 }));
});
