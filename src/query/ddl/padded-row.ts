// Rows as Hive pads them for people who read them in a terminal.

/** Hive, MetaDataFormatUtils: columns are as wide at least. */
export const COLUMN_WIDTH = 20;

/** A row of three columns; a comment that is missing is blank. */
export const columnRow = (name: string, type: string, comment = ''): string =>
  [name, type, comment].map((text) => text.padEnd(COLUMN_WIDTH)).join('\t');

/** A row with nothing in its second and third column. */
export const heading = (text: string): string => `${text}\t \t `;
