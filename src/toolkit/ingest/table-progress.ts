// How far a run is with a table: rows and bytes of what it is doing, told a few times a second at most.

/** `reading`: objects, or rows of a database; `choosing`: which rows win; `writing`: Parquet; `uploading`: it. */
export type Stage = 'reading' | 'choosing' | 'writing' | 'uploading';

export interface TableProgress {
  stage: Stage;
  /** Of this stage so far, where they are known: rows of a database as they come, of files when they are counted. */
  rows?: number;
  /** Read, written or uploaded in this stage so far. */
  bytes?: number;
}

export interface ProgressTeller {
  /** Counts begin at nothing again. */
  begin(stage: Stage): void;
  add(more: { rows?: number; bytes?: number }): void;
  set(now: { rows?: number; bytes?: number }): void;
}

const BETWEEN_MS = 250;

export function openTableProgress(tell: (progress: TableProgress) => void): ProgressTeller {
  let now: TableProgress = { stage: 'reading' };
  let toldMs = 0;
  const change = (changed: TableProgress) => {
    const isNewStage = changed.stage !== now.stage || toldMs === 0;
    now = changed;
    const nowMs = performance.now();
    if (!isNewStage && nowMs - toldMs < BETWEEN_MS) return;
    toldMs = nowMs;
    tell(now);
  };
  return {
    begin: (stage) => change({ stage }),
    add({ rows, bytes }) {
      change({
        ...now,
        ...(rows === undefined ? {} : { rows: (now.rows ?? 0) + rows }),
        ...(bytes === undefined ? {} : { bytes: (now.bytes ?? 0) + bytes }),
      });
    },
    set: (counts) => change({ ...now, ...counts }),
  };
}
