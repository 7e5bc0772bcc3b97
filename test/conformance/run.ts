// `npm run conformance -- DIR`: crawls every recorded case in DIR and prints where the result differs from AWS's.
import { crawlCases, type CaseResult } from './crawl-cases.js';
import { crawlsOf, readCases } from './recorded-case.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npm run conformance -- DIR, a folder with one folder a recorded case\n');
  process.exit(3);
}

const cases = readCases(folder);
if (cases.length === 0) {
  process.stderr.write(`No case in ${folder}: a case is a folder with an expected.json\n`);
  process.exit(3);
}

let differentCount = 0;
let noteCount = 0;
for (const crawl of crawlsOf(cases)) {
  const results = await crawlCases(crawl).catch((error: unknown): CaseResult[] =>
    crawl.map(({ name }) => ({
      name,
      differences: [{ where: 'crawl', expected: 'SUCCEEDED', actual: String(error), isProven: true }],
    })),
  );
  for (const { name, differences } of results) {
    const isDifferent = differences.some((difference) => difference.isProven);
    if (isDifferent) differentCount++;
    process.stdout.write(`${isDifferent ? 'DIFFERS' : 'ok     '} ${name}\n`);
    for (const { where, expected, actual, isProven } of differences) {
      if (!isProven) noteCount++;
      process.stdout.write(
        `        ${isProven ? '' : 'note, not proven: '}${where}\n` +
          `          - ${JSON.stringify(expected)}\n          + ${JSON.stringify(actual)}\n`,
      );
    }
  }
}
process.stdout.write(
  `${cases.length} cases: ${cases.length - differentCount} as AWS wrote them, ${differentCount} different, ${noteCount} notes\n`,
);
process.exitCode = differentCount === 0 ? 0 : 1;
