// What system catalogs say of columns, by the table that they are of.

/** Rows of each relation in the order in which they come. */
export function groupByRelation<Relation, Row extends { relation?: Relation }>(
  rows: readonly Row[],
): Map<Relation | undefined, Row[]> {
  const groups = new Map<Relation | undefined, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.relation);
    if (group) group.push(row);
    else groups.set(row.relation, [row]);
  }
  return groups;
}
