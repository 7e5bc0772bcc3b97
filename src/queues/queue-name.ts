// How a queue is named in requests: by its name, its URL or its ARN.

/** The last part of a URL or an ARN; a name is its own. */
export function queueName(queue: string): string {
  return queue.slice(Math.max(queue.lastIndexOf('/'), queue.lastIndexOf(':')) + 1);
}
