// Hive types as text, each nested one written once.
import { DefinitionError } from '../definition/definition-error.js';

export const arrayOf = (item: string) => `array<${item}>`;
export const mapOf = (key: string, value: string) => `map<${key},${value}>`;
export const structOf = (members: readonly { name: string; type: string }[]) =>
  `struct<${members.map(({ name, type }) => `${name}:${type}`).join(',')}>`;

/** AWS's model: longest type of a column. */
const TYPE_LENGTH_MAX = 131072;

/** Writes each nested type once. Hive types have no names to refer to, so none can be inside itself. */
export class NestedTypes<T> {
  private readonly open: Set<T>;
  private readonly written = new Map<T, string>();

  /** `root`: what the columns are of. */
  constructor(root: T) {
    this.open = new Set([root]);
  }

  /** @throws DefinitionError when `type` is inside itself, or its text is longer than a column's type may be */
  text(type: T, name: string, write: () => string): string {
    const known = this.written.get(type);
    if (known !== undefined) return known;
    if (this.open.has(type))
      throw new DefinitionError(`${name} contains itself: no column type can say that`);
    this.open.add(type);
    const text = write();
    this.open.delete(type);
    if (text.length > TYPE_LENGTH_MAX) {
      throw new DefinitionError(`${name} makes a column type of more than ${TYPE_LENGTH_MAX} characters`);
    }
    this.written.set(type, text);
    return text;
  }
}
