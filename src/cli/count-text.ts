// Numbers of things for people.

/** `1 table`, `2 tables`; a word whose plural is another is given with it. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
