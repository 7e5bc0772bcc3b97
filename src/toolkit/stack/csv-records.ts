// CSV text taken apart while it streams by, for counting and showing what a job wrote.

/** Records of comma-separated values with `"` quotes (RFC 4180); blank lines are left out. */
export async function* csvRecords(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let record: string[] = [];
  let cell = '';
  let isQuoted = false;
  let isAfterQuote = false;
  const endRecord = () => {
    const ended = [...record, cell.endsWith('\r') ? cell.slice(0, -1) : cell];
    record = [];
    cell = '';
    isAfterQuote = false;
    return ended;
  };
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (isQuoted) {
        if (character === '"') {
          isQuoted = false;
          isAfterQuote = true;
        } else cell += character;
      } else if (character === '"') {
        // A second quote right after the closing one is a quote itself.
        if (isAfterQuote) cell += '"';
        isQuoted = true;
        isAfterQuote = false;
      } else if (character === ',') {
        record.push(cell);
        cell = '';
        isAfterQuote = false;
      } else if (character === '\n') {
        const ended = endRecord();
        if (ended.length > 1 || ended[0] !== '') yield ended;
      } else {
        cell += character;
        isAfterQuote = false;
      }
    }
  }
  if (record.length > 0 || cell !== '') yield endRecord();
}
