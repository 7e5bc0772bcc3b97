// What is told of a table's progress.
import { expect, it, vi } from 'vitest';
import { openTableProgress, type TableProgress } from './table-progress.js';

it('is each stage at once, and counts in between no more than four times a second', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    vi.advanceTimersByTime(1000);
    const told: TableProgress[] = [];
    const progress = openTableProgress((event) => told.push(event));
    progress.begin('reading');
    for (let count = 0; count < 10; count++) {
      progress.add({ rows: 10, bytes: 100 });
      vi.advanceTimersByTime(50);
    }
    progress.begin('writing');
    progress.set({ rows: 7 });
    vi.advanceTimersByTime(250);
    progress.set({ bytes: 5 });
    expect(told).toEqual([
      { stage: 'reading' },
      { stage: 'reading', rows: 60, bytes: 600 },
      { stage: 'writing' },
      { stage: 'writing', rows: 7, bytes: 5 },
    ]);
  } finally {
    vi.useRealTimers();
  }
});
