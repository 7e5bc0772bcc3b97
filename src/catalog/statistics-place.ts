// Where column statistics are kept within their table's.

/** Where statistics of a partition with these values are kept in their table; those of the table itself are at ''. */
export function statisticsPlace(values?: readonly string[]): string {
  return values ? JSON.stringify(values) : '';
}
