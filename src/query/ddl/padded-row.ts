// Rows as Hive pads them for people who read them in a terminal (seen in Athena's answers).

/** Hive, MetaDataFormatUtils: columns are as wide at least. */
export const COLUMN_WIDTH = 20;

/** A row of three columns; a comment that is missing is blank, and one with a tab ends before it. */
export const columnRow = (name: string, type: string, comment = ''): string =>
  [name.padEnd(COLUMN_WIDTH), type.padEnd(COLUMN_WIDTH), comment.padEnd(COLUMN_WIDTH).split('\t', 1)[0]].join(
    '\t',
  );

/** A row with nothing in its second and third column. */
export const heading = (text: string): string => `${text}\t \t `;

/** What stands above columns where Hive says what they are. */
export const COLUMN_HEADINGS: readonly string[] = [
  columnRow('# col_name'.padEnd(COLUMN_WIDTH + 2), 'data_type', 'comment'),
  heading(''),
];
