// The files of a Delta table's log: which of them make up its newest version. Source: the Delta transaction log protocol.

/** The objects below `_delta_log/`, by their names there. */
export interface DeltaLogFiles {
  objects: readonly { name: string; lastModified: Date }[];
  /** Where the object's bytes are. */
  pathOf(name: string): string;
}

/** A table's log that is damaged, or has what cannot be read here. */
export class DeltaError extends Error {
  override readonly name = 'DeltaError';
}

export interface DeltaVersion {
  version: number;
  /** Names of the commits since the checkpoint, oldest first. */
  commits: string[];
  /** Names of the files of the newest whole checkpoint; none when all commits are there. */
  checkpoint: string[];
  /** The commit that made the version, where it is still there. */
  newestCommit: string | undefined;
  /** When the version was written. */
  lastModified: Date;
}

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT =
  /^(\d{20})\.checkpoint\.(?:(\d{10})\.(\d{10})\.parquet|parquet|[0-9a-f-]{36}\.(?:json|parquet))$/;

/** @throws DeltaError when there is no version, or a commit is missing */
export function newestVersion({ objects }: Pick<DeltaLogFiles, 'objects'>): DeltaVersion {
  const commits = new Map<number, string>();
  const checkpoints = new Map<string, { version: number; partCount: number; names: string[] }>();
  for (const { name } of objects) {
    const commit = COMMIT.exec(name);
    if (commit) commits.set(Number(commit[1]), name);
    const found = CHECKPOINT.exec(name);
    if (!found) continue;
    const [, version, , partCount] = found;
    // Parts belong together; two checkpoints of one version are both whole.
    const key = partCount === undefined ? name : `${version}/${partCount}`;
    const known = checkpoints.get(key) ?? {
      version: Number(version),
      partCount: Number(partCount ?? 1),
      names: [],
    };
    known.names.push(name);
    checkpoints.set(key, known);
  }
  const checkpoint = [...checkpoints.values()]
    .filter(({ partCount, names }) => names.length === partCount)
    .sort((one, other) => other.version - one.version)[0];

  const version = Math.max(checkpoint?.version ?? -1, ...commits.keys());
  if (version < 0) throw new DeltaError('its _delta_log holds neither a commit nor a checkpoint');
  const since: string[] = [];
  for (let next = (checkpoint?.version ?? -1) + 1; next <= version; next++) {
    const name = commits.get(next);
    if (name === undefined) throw new DeltaError(`version ${next} is missing in its _delta_log`);
    since.push(name);
  }
  const names = checkpoint?.names.sort() ?? [];
  const newestCommit = commits.get(version);
  const newest = newestCommit ?? names[0];
  return {
    version,
    commits: since,
    checkpoint: names,
    newestCommit,
    lastModified: objects.find(({ name }) => name === newest)?.lastModified ?? new Date(0),
  };
}
