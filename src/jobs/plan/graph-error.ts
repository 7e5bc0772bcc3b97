// What is wrong with a job's graph or its data, in words for the run's ErrorMessage.

export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** A failure that names its node: `Node "Filter ages" (Filter): ...`. */
export function nodeError(
  node: { name: string; kind: string },
  message: string,
  options?: { cause?: unknown },
): GraphError {
  return new GraphError(`Node "${node.name}" (${node.kind}): ${message}`, options);
}
