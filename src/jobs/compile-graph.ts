// From a job's graph of nodes to its plan: every node is checked, and none is left out.
import type { CodeGenConfigurationNode } from '@aws-sdk/client-glue';
import type { KindName, NodeContext, NodeKind, RelationKind, TargetKind, World } from './nodes/node-kind.js';
import { NODE_KINDS, UNSUPPORTED_BECAUSE } from './nodes/node-kinds.js';
import { GraphError, nodeError } from './plan/graph-error.js';
import type { Plan, Relation, Write } from './plan/plan.js';

type Graph = Readonly<Record<string, CodeGenConfigurationNode>>;

/** A node of the graph with what is common to all kinds taken out. */
interface GraphNode {
  id: string;
  name: string;
  kind: KindName;
  definition: NodeKind<KindName>;
  inputIds: string[];
  body: Record<string, unknown>;
}

/** @throws GraphError naming the node and what is wrong with it */
export async function compileGraph(graph: Graph, world: World): Promise<Plan> {
  const nodes = new Map(Object.entries(graph).map(([id, node]) => [id, readNode(id, node)]));
  if (nodes.size === 0) throw new GraphError('The job has no nodes: its CodeGenConfigurationNodes is empty.');
  const order = inOrder(nodes);
  refuseLooseEnds(nodes);
  const relations = new Map<string, Relation>();
  const writes: Write[] = [];
  for (const node of order) {
    const inputs = node.inputIds.map((id) => relations.get(id) as Relation);
    const made = await compileNode(node, inputs, world);
    if ('kind' in made) relations.set(node.id, made);
    else writes.push(made);
  }
  return { writes };
}

function readNode(id: string, node: CodeGenConfigurationNode): GraphNode {
  const kinds = Object.entries(node).filter(([, body]) => body !== undefined && body !== null);
  if (kinds.length !== 1) {
    const found = kinds.map(([kind]) => kind).join(', ') || 'none';
    throw new GraphError(`Node "${id}" must be of exactly one kind; it is of: ${found}.`);
  }
  const [kind, body] = kinds[0] as [KindName, Record<string, unknown>];
  const name = typeof body.Name === 'string' && body.Name !== '' ? body.Name : id;
  const definition = NODE_KINDS[kind] as NodeKind<KindName> | undefined;
  if (!definition) {
    const reason = UNSUPPORTED_BECAUSE[kind];
    throw nodeError({ name, kind }, `nodes of this kind are not supported${reason ? `: ${reason}` : ''}.`);
  }
  const inputIds = (body.Inputs as string[] | undefined) ?? [];
  const graphNode = { id, name, kind, definition, inputIds, body };
  checkMembers(graphNode);
  return graphNode;
}

function checkMembers(node: GraphNode): void {
  const { members } = node.definition;
  for (const [member, value] of Object.entries(node.body)) {
    if (!isAbsent(value) && !(member in members))
      throw nodeError(node, `${member} is unknown; leave it out.`);
  }
  const { least, most } = node.definition.inputCount;
  const count = node.inputIds.length;
  if (count < least || count > most) {
    const wanted = least === most ? `${least}` : `${least} or more`;
    throw nodeError(node, `it takes ${wanted} Inputs, and has ${count}.`);
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Nodes so that inputs stand before what reads them. */
function inOrder(nodes: ReadonlyMap<string, GraphNode>): GraphNode[] {
  const done = new Set<string>();
  const ordered: GraphNode[] = [];
  const visit = (node: GraphNode, path: readonly string[]): void => {
    if (path.includes(node.id)) {
      const cycle = [...path.slice(path.indexOf(node.id)), node.id].map((id) => `"${id}"`);
      throw new GraphError(`The nodes feed each other in a circle: ${cycle.join(' reads ')}.`);
    }
    if (done.has(node.id)) return;
    for (const id of node.inputIds) {
      const input = nodes.get(id);
      if (!input) throw nodeError(node, `its input "${id}" is no node; there are ${listIds(nodes)}.`);
      if (input.definition.role === 'target') throw nodeError(node, `its input "${id}" is a target.`);
      visit(input, [...path, node.id]);
    }
    done.add(node.id);
    ordered.push(node);
  };
  for (const node of nodes.values()) visit(node, []);
  return ordered;
}

function listIds(nodes: ReadonlyMap<string, GraphNode>): string {
  return [...nodes.keys()].map((id) => `"${id}"`).join(', ');
}

/** A node that no target reads would do nothing, which its author cannot have meant. */
function refuseLooseEnds(nodes: ReadonlyMap<string, GraphNode>): void {
  const reached = new Set<string>();
  const reach = (id: string): void => {
    if (reached.has(id)) return;
    reached.add(id);
    nodes.get(id)?.inputIds.forEach(reach);
  };
  for (const node of nodes.values()) if (node.definition.role === 'target') reach(node.id);
  if (reached.size === 0) throw new GraphError('The job has no target, so it would write nothing.');
  for (const node of nodes.values()) {
    if (!reached.has(node.id)) throw nodeError(node, 'it leads to no target; connect it or remove it.');
  }
}

async function compileNode(node: GraphNode, inputs: Relation[], world: World): Promise<Relation | Write> {
  const context: NodeContext = {
    ...world,
    id: node.id,
    name: node.name,
    kind: node.kind,
    inputIds: node.inputIds,
    error: (message) => nodeError(node, message),
  };
  if (inputs.some((input) => input.kind === 'nothing')) return withNothing(node, inputs, context);
  const definition = node.definition as RelationKind<KindName> | TargetKind<KindName>;
  try {
    return await definition.compile(node.body, inputs, context);
  } catch (error) {
    const isAboutTheNode = error instanceof Error && /^(Error|DuckdbError|.*Exception)$/.test(error.name);
    if (isAboutTheNode) throw nodeError(node, error.message, { cause: error });
    throw error;
  }
}

/** What becomes of inputs of which nothing is known but that they have no rows. */
function withNothing(node: GraphNode, inputs: Relation[], context: NodeContext): Relation | Write {
  const nothing: Relation = { kind: 'nothing', node: node.name, columns: [] };
  if (node.definition.role === 'target') {
    return {
      node: node.name,
      input: nothing,
      bucket: '',
      prefix: '',
      format: { kind: 'parquet', compression: 'snappy' },
      partitionColumns: [],
    };
  }
  if (inputs.every((input) => input.kind === 'nothing')) return nothing;
  const rest = inputs.find((input) => input.kind !== 'nothing') as Relation;
  if (node.kind === 'Union') return rest;
  throw context.error(
    'one of its inputs has no data and no OutputSchemas, so that its columns are not known; give the source OutputSchemas.',
  );
}
