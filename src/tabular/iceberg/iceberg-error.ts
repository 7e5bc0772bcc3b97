// How a table says that it cannot be read.

/** A table that cannot be read here, or whose metadata is not what it should be. */
export class IcebergError extends Error {
  override readonly name = 'IcebergError';
  /** Whether it is a sound table of a kind that is not read. */
  readonly isUnsupported: boolean;

  constructor(message: string, options: { cause?: unknown; isUnsupported?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.isUnsupported = options.isUnsupported ?? false;
  }
}
