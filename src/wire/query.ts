// The Query protocol of IAM and STS: form fields in, XML out.
import { AwsError } from './aws-error.js';
import type { Shape, StructShape } from './schema.js';
import { decodeText } from './text.js';

/**
 * Form fields named `Tags.member.1.Key` as the structure they spell.
 * @throws AwsError MalformedInput for a field whose text is not of its shape's kind
 */
export function decodeFields(
  shape: StructShape,
  fields: readonly [name: string, value: string][],
): Record<string, unknown> {
  const root = new FieldTree();
  for (const [name, value] of fields) root.insert(name.split('.'), value);
  return decodeTree(shape, root, '') as Record<string, unknown>;
}

class FieldTree {
  text: string | undefined;
  readonly children = new Map<string, FieldTree>();

  insert(path: string[], value: string): void {
    if (path.length > PATH_DEPTH_MAX) {
      throw new AwsError('MalformedInput', `The field ${path.join('.').slice(0, 200)} is nested too deeply.`);
    }
    const [name, ...rest] = path;
    if (name === undefined) {
      this.text = value;
      return;
    }
    let child = this.children.get(name);
    if (!child) this.children.set(name, (child = new FieldTree()));
    child.insert(rest, value);
  }

  numbered(): FieldTree[] {
    return [...this.children]
      .filter(([name]) => /^\d+$/.test(name))
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, child]) => child);
  }
}

const PATH_DEPTH_MAX = 32;

function decodeTree(shape: Shape, tree: FieldTree, name: string): unknown {
  switch (shape.kind) {
    case 'struct': {
      const decoded: Record<string, unknown> = {};
      for (const member of shape.members) {
        const child = tree.children.get(member.traits.xmlName ?? member.name);
        if (child) decoded[member.name] = decodeTree(member.shape, child, member.name);
      }
      return decoded;
    }
    case 'list': {
      const items = tree.children.get(shape.item.traits.xmlName ?? 'member') ?? tree;
      return items.numbered().map((item) => decodeTree(shape.item.shape, item, name));
    }
    case 'map': {
      const entries = tree.children.get('entry') ?? tree;
      return Object.fromEntries(
        entries.numbered().map((entry) => {
          const value = entry.children.get(shape.value.traits.xmlName ?? 'value') ?? new FieldTree();
          return [
            entry.children.get(shape.key.traits.xmlName ?? 'key')?.text ?? '',
            decodeTree(shape.value.shape, value, name),
          ];
        }),
      );
    }
    default:
      return decodeText(shape, tree.text ?? '', name);
  }
}
