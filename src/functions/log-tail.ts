// The end of what an invocation logged, for LogType Tail.

/** AWS docs: Invoke, LogResult: "The last 4 KB of the execution log". */
const TAIL_BYTES = 4096;

export class LogTail {
  private readonly messages: string[] = [];
  private byteCount = 0;

  add(message: string): void {
    this.messages.push(message);
    this.byteCount += Buffer.byteLength(message) + 1;
    for (;;) {
      const firstBytes = Buffer.byteLength(this.messages[0] ?? '') + 1;
      if (this.messages.length <= 1 || this.byteCount - firstBytes < TAIL_BYTES) return;
      this.messages.shift();
      this.byteCount -= firstBytes;
    }
  }

  text(): string {
    const bytes = Buffer.from(this.messages.map((message) => `${message}\n`).join(''));
    return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString('utf8');
  }
}
