// Log groups and streams, as CloudWatch Logs keeps them: where crawls and job runs write.

export interface LogEvent {
  /** Milliseconds since the epoch. */
  timestamp: number;
  message: string;
}

export interface LogGroups {
  /** Appends to a stream; group and stream are made when missing. A stream keeps its newest 10,000 events. */
  append(group: string, stream: string, events: readonly LogEvent[]): void;
  /**
   * Events of a stream in order of arrival, those after position `after`. `next` is the position of the last event
   * returned; it is absent when there was none.
   * @throws AwsError ResourceNotFoundException
   */
  read(
    group: string,
    stream: string,
    options?: { after?: number; count?: number },
  ): { events: LogEvent[]; next?: number };
}
