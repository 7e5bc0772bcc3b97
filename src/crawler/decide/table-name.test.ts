// Names that AWS's crawlers gave, reproduced.
import { describe, expect, it } from 'vitest';
import { clashingTableName, tableName } from './table-name.js';

describe('tableName', () => {
  it.each([
    ['', 's3://b/landing/customer/', 'customer'],
    ['demo_', 's3://b/data/input/weather/', 'demo_weather'],
    ['', 's3://my-bucket.example/', 'my_bucket_example'],
    ['', 's3://b/in/weatherSmall.json', 'weathersmall_json'],
    ['', 's3://b/Amazon Sale Report.csv', 'amazon_sale_report_csv'],
    ['', 's3://b/t/year=2026/', 'year_2026'],
    ['', 's3://b/2020_04_17T23_00_07Z/', '2020_04_17t23_00_07z'],
    ['', 's3://b/part-00000-d3e6a564-c000.snappy.parquet', 'part_00000_d3e6a564_c000_snappy_parquet'],
    ['', 's3://b/a--b/', 'a__b'],
    ['', 's3://b/\u00fcber \u{1F375}/', '_ber__'],
    ['Pre-', 's3://b/T/', 'pre-t'],
  ])('with prefix "%s" names %s %s', (prefix, location, name) => {
    expect(tableName(prefix, location)).toBe(name);
  });

  it('cuts a name at 128 characters', () => {
    expect(tableName('p_', `s3://b/${'x'.repeat(200)}/`)).toBe(`p_${'x'.repeat(126)}`);
  });
});

describe('clashingTableName', () => {
  it.each([
    ['s3://stedi-supraja/accelerometer/landing/', 'landing_6b3cb3b3e420d6357a73bb3830f52087'],
    ['s3://stedi-supraja/step_trainer/landing/', 'landing_855424f8fc42f87e9ab204b412c7ce2b'],
    [
      's3://team3-project3-bucket/daily/temp/movie_sales_pred/',
      'movie_sales_pred_00f8fd0f4f6feb0efbaebc50c4180664',
    ],
  ])('names %s %s', (location, name) => {
    expect(clashingTableName('', location)).toBe(name);
  });

  it('keeps the hash whole in a long name', () => {
    const name = clashingTableName('', `s3://b/${'x'.repeat(200)}/`);
    expect(name).toHaveLength(128);
    expect(name).toMatch(/^x{95}_[0-9a-f]{32}$/);
  });
});
