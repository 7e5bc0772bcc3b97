// Custom classifiers: kept as AWS keeps them, and what they make of a crawl.
import type { CreateCsvClassifierRequest } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

let lake: CrawlFixture;
beforeEach(async () => void (lake = await openCrawlFixture()));
afterEach(() => lake.close());

describe('a custom classifier', () => {
  it('is created, read, changed, listed and deleted, with a version that grows', async () => {
    const { glue } = lake;
    await glue.createClassifier({
      GrokClassifier: { Name: 'g', Classification: 'my-log', GrokPattern: '%{INT:n}' },
    });
    await glue.createClassifier({ CsvClassifier: { Name: 'c', Delimiter: ';' } });
    const first = (await glue.getClassifier({ Name: 'g' })).Classifier?.GrokClassifier;
    expect(first).toEqual({
      Name: 'g',
      Classification: 'my-log',
      GrokPattern: '%{INT:n}',
      Version: 1,
      CreationTime: first?.CreationTime,
      LastUpdated: first?.CreationTime,
    });
    await glue.updateClassifier({ GrokClassifier: { Name: 'g', GrokPattern: '%{WORD:w}' } });
    expect((await glue.getClassifier({ Name: 'g' })).Classifier?.GrokClassifier).toMatchObject({
      Classification: 'my-log',
      GrokPattern: '%{WORD:w}',
      Version: 2,
      CreationTime: first?.CreationTime,
    });
    const page = await glue.getClassifiers({ MaxResults: 1 });
    expect(page.Classifiers?.[0]?.CsvClassifier).toMatchObject({
      Name: 'c',
      ContainsHeader: 'UNKNOWN',
      DisableValueTrimming: true,
      AllowSingleColumn: false,
    });
    expect((await glue.getClassifiers({ NextToken: page.NextToken! })).Classifiers).toHaveLength(1);
    await glue.deleteClassifier({ Name: 'g' });
    await expect(glue.getClassifier({ Name: 'g' })).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    await expect(glue.deleteClassifier({ Name: 'g' })).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  test.each([
    ['no kind', {}, 'Exactly one'],
    [
      'a pattern that is none',
      { GrokClassifier: { Name: 'x', Classification: 'x', GrokPattern: '%{NOPE:x}' } },
      'NOPE',
    ],
    ['a path that is none', { JsonClassifier: { Name: 'x', JsonPath: 'a.b' } }, 'a.b'],
    [
      'one sign for two purposes',
      { CsvClassifier: { Name: 'x', Delimiter: ';', QuoteSymbol: ';' } },
      'QuoteSymbol',
    ],
    [
      'a type that is none',
      { CsvClassifier: { Name: 'x', CustomDatatypeConfigured: true, CustomDatatypes: ['UUID'] } },
      'UUID',
    ],
    [
      'fewer types than names',
      {
        CsvClassifier: {
          Name: 'x',
          Header: ['a', 'b'],
          CustomDatatypeConfigured: true,
          CustomDatatypes: ['INT'],
        },
      },
      '2 names',
    ],
  ])('is refused with %s', async (_, input, words) => {
    await expect(lake.glue.createClassifier(input)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(words) as string,
    });
  });

  it('is asked in the order of the crawler, before the built-in ones', async () => {
    const { glue } = lake;
    const grok = (Name: string, GrokPattern: string) =>
      glue.createClassifier({ GrokClassifier: { Name, Classification: Name, GrokPattern } });
    await grok('lines', '%{GREEDYDATA:line}');
    await grok('pairs', '%{INT:a:int},%{WORD:b}');
    lake.put({ 'pairs/1.csv': '1,x\n2,y\n', 'other/1.csv': 'x;1\ny;2\n' });
    await lake.create({ Classifiers: ['pairs', 'lines'] });
    expect((await glue.getCrawler({ Name: 'crawler' })).Crawler?.Classifiers).toEqual(['pairs', 'lines']);
    await lake.crawl();
    expect(
      (await lake.tables()).map((table) => `${table.Parameters?.classification}: ${columnsOf(table).join()}`),
    ).toEqual(['lines: line string', 'pairs: a int,b string']);
    expect((await lake.table('pairs')).StorageDescriptor?.SerdeInfo).toEqual({
      SerializationLibrary: 'com.amazonaws.glue.serde.GrokSerDe',
      Parameters: { 'input.format': '%{INT:a:int},%{WORD:b}' },
    });
  });

  const crawlCsv = async (csv: Omit<CreateCsvClassifierRequest, 'Name'>, content: string) => {
    await lake.glue.createClassifier({ CsvClassifier: { Name: 'c', ...csv } });
    lake.put({ 't/1.csv': content });
    await lake.create({ Classifiers: ['c'], Targets: { S3Targets: [{ Path: 's3://bucket/t/' }] } });
    await lake.crawl();
    const table = await lake.table('t');
    const { SerdeInfo } = table.StorageDescriptor!;
    return {
      columns: columnsOf(table),
      serde: SerdeInfo?.SerializationLibrary?.split('.').at(-1),
      serdeParameters: SerdeInfo?.Parameters,
      skipped: table.Parameters?.['skip.header.line.count'],
      quoted: table.Parameters?.areColumnsQuoted,
      classification: table.Parameters?.classification,
    };
  };

  test.each<[string, Omit<CreateCsvClassifierRequest, 'Name'>, string, Record<string, unknown>]>([
    [
      'a delimiter',
      { Delimiter: '^' },
      'id^n\n1^x\n2^y\n',
      { columns: ['id bigint', 'n string'], serdeParameters: { 'field.delim': '^' } },
    ],
    [
      'a header that is there',
      { ContainsHeader: 'PRESENT' },
      'a,b\nx,y\nz,w\n',
      { columns: ['a string', 'b string'], skipped: '1' },
    ],
    [
      'a header that is not',
      { ContainsHeader: 'ABSENT' },
      'a,b\n1,2\n',
      { columns: ['col0 string', 'col1 string'], skipped: undefined },
    ],
    [
      'names of columns',
      { ContainsHeader: 'ABSENT', Header: ['One', 'two'] },
      '1,a\n2,b\n',
      { columns: ['one bigint', 'two string'] },
    ],
    [
      'names in the place of the header',
      { ContainsHeader: 'PRESENT', Header: ['x', 'y'] },
      'a,b\n1,2\n',
      { columns: ['x bigint', 'y bigint'], skipped: '1' },
    ],
    ['one column', { AllowSingleColumn: true }, 'id\n1\n2\n', { columns: ['id bigint'] }],
    [
      'another quote',
      { QuoteSymbol: "'" },
      "id,n\n1,'x,y'\n2,'z'\n",
      {
        columns: ['id bigint', 'n string'],
        serde: 'OpenCSVSerde',
        serdeParameters: { quoteChar: "'", separatorChar: ',' },
        quoted: 'true',
      },
    ],
    [
      'OpenCSVSerDe',
      { Serde: 'OpenCSVSerDe' },
      'id,n\n1,"x"\n2,"y"\n',
      { serde: 'OpenCSVSerde', serdeParameters: { quoteChar: '"', separatorChar: ',' } },
    ],
    [
      'LazySimpleSerDe',
      { Serde: 'LazySimpleSerDe', QuoteSymbol: '"' },
      'id,n\n1,"x"\n2,"y"\n',
      { serde: 'LazySimpleSerDe', quoted: 'false' },
    ],
    ['values as they are', {}, 'id, n\n1, 2\n3, 4\n', { columns: ['id bigint', 'n string'] }],
    [
      'values without spaces',
      { DisableValueTrimming: false },
      'id, n\n1, 2\n3, 4\n',
      { columns: ['id bigint', 'n bigint'] },
    ],
    [
      'types of its own',
      { CustomDatatypeConfigured: true, CustomDatatypes: ['SHORT', 'DATE'], Header: ['a', 'd'] },
      'a,d\n1,2026-01-01\n2,2026-01-02\n',
      { columns: ['a smallint', 'd date'] },
    ],
    [
      'lines above the header',
      {},
      '"Version","v1"\n"Day","monday"\nid,a,b,c,d\n1,2,3,4,x\n2,3,4,5,y\n',
      { columns: ['id bigint', 'a bigint', 'b bigint', 'c bigint', 'd string'], skipped: '3' },
    ],
  ])('of CSV settles %s', async (_, classifier, content, expected) => {
    expect(await crawlCsv(classifier, content)).toMatchObject({ ...expected, classification: 'csv' });
  });

  it('of JSON makes rows of what its path selects', async () => {
    await lake.glue.createClassifier({ JsonClassifier: { Name: 'j', JsonPath: '$[*]' } });
    lake.put({ 't/1.json': '[{"Id":1,"b":"x"},{"Id":2,"b":"y"}]' });
    await lake.create({ Classifiers: ['j'], Targets: { S3Targets: [{ Path: 's3://bucket/t/' }] } });
    await lake.crawl();
    expect(columnsOf(await lake.table('t'))).toEqual(['id int', 'b string']);
    expect((await lake.table('t')).Parameters).toMatchObject({ jsonPath: '$[*]', classification: 'json' });
  });

  it('of XML makes rows of its tag', async () => {
    await lake.glue.createClassifier({ XMLClassifier: { Name: 'x', Classification: 'xml', RowTag: 'Any' } });
    lake.put({ 't/1.xml': '<c><b id="1"><Any><a>A</a></Any></b><b id="2"><Any><a>B</a></Any></b></c>' });
    await lake.create({ Classifiers: ['x'], Targets: { S3Targets: [{ Path: 's3://bucket/t/' }] } });
    await lake.crawl();
    expect(columnsOf(await lake.table('t'))).toEqual(['a string']);
    expect((await lake.table('t')).Parameters).toMatchObject({ rowTag: 'Any', classification: 'xml' });
  });

  it('fails a crawl that names it when it is gone', async () => {
    await lake.glue.createClassifier({ JsonClassifier: { Name: 'j', JsonPath: '$' } });
    lake.put({ 't/1.json': '{}' });
    await lake.create({ Classifiers: ['j'] });
    await lake.glue.deleteClassifier({ Name: 'j' });
    expect((await lake.crawl())?.LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringContaining('Classifier j not found') as string,
    });
  });
});
